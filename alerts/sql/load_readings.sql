-- What these homes reported since a time of their own, as far as pictures want to know: the times
-- of all readings of one sensor that say the same in one row. The value of a beat says nothing here,
-- and that of a temperature to a tenth of a degree, in rooms alone. Not what belongs to a walk test.
-- The bound over all homes is given too, so that only chunks that can matter are looked at. Each home's
-- sensors, and each sensor's readings, are looked up by themselves (offset 0): with some hundred homes
-- of a county at once the planner would rather read all sensors and a whole day of everybody's readings.
select n.home_id, s.place, s.role, r.kind,
    case r.kind when %(beat)s then 0 when %(temperature)s then round(r.value::numeric, 1) else r.value end::float8
        as value,
    array_agg(date_part('epoch', r.at)) as times
from unnest(%(homes)s::int[], %(since)s::timestamptz[]) as n (home_id, since)
cross join lateral (
    select id, place, role, gateway_id, name, exists (
        select from walk_test w
        where w.gateway_id = sensor.gateway_id and w.expires_at > n.since - interval '1 minute'
    ) as tested
    from sensor
    where sensor.home_id = n.home_id
    offset 0
) s
cross join lateral (
    select kind, value, at
    from reading
    where sensor_id = s.id and at >= n.since and at >= %(earliest)s and kind = any(%(kinds)s)
      and not (s.tested and is_of_walk_test(s.gateway_id, s.name, kind, value, at, received_at))
    offset 0
) r
where r.kind <> %(temperature)s or s.role = %(measured_in)s
group by s.id, r.kind, 5, n.home_id, s.place, s.role
