-- The rota's id.
insert into rota (name) values (%(name)s) returning id
