-- What these homes reported since a time of their own, as far as pictures want to know.
-- The bound over all of them is given too, so that only chunks that can matter are looked at.
select n.home_id, extract(epoch from r.at)::float8 as at, s.place, s.role, r.kind, r.value::float8 as value
from unnest(%(homes)s::int[], %(since)s::timestamptz[]) as n (home_id, since)
join sensor s on s.home_id = n.home_id
join reading r on r.sensor_id = s.id and r.at >= n.since
where r.at >= %(earliest)s and r.kind = any(%(kinds)s)
