-- A gateway of this home that has not set itself up yet.
insert into gateway (name, home_id) values (%(name)s, %(home_id)s) returning id
