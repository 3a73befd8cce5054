-- The gateway's id.
insert into gateway (name, home_id) values (%(name)s, %(home)s) returning id
