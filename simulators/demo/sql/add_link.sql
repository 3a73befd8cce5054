-- This person may see this home.
insert into home_person (home_id, person_id) values (%(home)s, %(person)s)
