-- A new team's id; no row where there is one of this name.
insert into team (name) values (%(name)s) on conflict do nothing returning id
