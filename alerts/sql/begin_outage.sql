-- Open the incident; there is only ever one. Returns its id, or nothing where one is open.
insert into outage (kind, began_at, found_at, homes, heard)
values (%(kind)s, %(began)s, %(now)s, %(homes)s, %(heard)s)
on conflict ((ended_at is null)) where ended_at is null do nothing
returning id
