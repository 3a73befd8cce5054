-- A sensor of this gateway, once.
insert into sensor (gateway_id, home_id, name, place, role)
select id, home_id, %(name)s, %(place)s, %(role)s from gateway where name = %(gateway)s
on conflict (gateway_id, name) do nothing
