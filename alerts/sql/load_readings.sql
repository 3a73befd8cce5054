-- What these homes reported since a time of their own, as far as pictures want to know: the times
-- of all readings of one sensor that say the same in one row. The value of a beat says nothing here.
-- The bound over all homes is given too, so that only chunks that can matter are looked at.
select s.home_id, s.place, s.role, r.kind,
    case r.kind when %(beat)s then 0 else r.value end::float8 as value,
    array_agg(extract(epoch from r.at)::float8) as times
from unnest(%(homes)s::int[], %(since)s::timestamptz[]) as n (home_id, since)
join sensor s on s.home_id = n.home_id
join reading r on r.sensor_id = s.id and r.at >= n.since
where r.at >= %(earliest)s and r.kind = any(%(kinds)s)
group by s.id, r.kind, 5
