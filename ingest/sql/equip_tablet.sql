-- The buttons of the page on the tablet report as this sensor of its gateway; changes nothing where it is there.
insert into sensor (gateway_id, home_id, name, place, role)
select id, home_id, %(tablet)s, 'tablet', 'button' from gateway where id = %(gateway)s
on conflict (gateway_id, name) do nothing
