-- What one home reported between two times, as far as rules want to know, in order; and one row more than
-- `limit`, so that the caller sees when there are too many.
select date_part('epoch', r.at) as at, s.place, s.role, r.kind, r.value::float8 as value
from sensor s
join reading r on r.sensor_id = s.id and r.at >= %(start)s and r.at < %(end)s
where s.home_id = %(home)s and r.kind = any(%(kinds)s)
order by r.at
limit %(limit)s + 1
