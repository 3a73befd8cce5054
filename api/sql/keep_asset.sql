-- A picture or sound of a home; once, however often it is used.
insert into asset (home_id, hash, bytes) values (%(home_id)s, %(hash)s, %(bytes)s) on conflict do nothing
