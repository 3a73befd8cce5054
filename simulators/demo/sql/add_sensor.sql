-- A sensor of a gateway, where it is and what for.
insert into sensor (gateway_id, home_id, name, place, role) values (%(gateway)s, %(home)s, %(name)s, %(place)s, %(role)s)
