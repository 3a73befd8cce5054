-- This person may see this home; no row where they could before.
insert into home_person (home_id, person_id) values (%(home_id)s, %(person_id)s)
on conflict do nothing
returning person_id
