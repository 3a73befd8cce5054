-- One more sensor in every home.
insert into sensor (gateway_id, home_id, name, place, role)
select id, home_id, %(place)s, %(place)s, %(role)s from gateway
