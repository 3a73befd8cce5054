-- A new rota's id; no row where there is one of this name.
insert into rota (name) values (%(name)s) on conflict do nothing returning id
