-- This person may see every home.
insert into home_person (home_id, person_id) select id, %(person)s from home
