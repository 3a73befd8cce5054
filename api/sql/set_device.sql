-- What a sensor is used as from now on. No row where it was used so before.
insert into device_setting as d (gateway_id, sensor, role, invert, ignore)
values (%(gateway_id)s, %(sensor)s, %(role)s, %(invert)s, %(ignore)s)
on conflict (gateway_id, sensor) do update
set role = excluded.role, invert = excluded.invert, ignore = excluded.ignore
where (d.role, d.invert, d.ignore) is distinct from (excluded.role, excluded.invert, excluded.ignore)
returning sensor
