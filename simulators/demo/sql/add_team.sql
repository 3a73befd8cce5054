-- The team's id.
insert into team (name) values (%(name)s) returning id
