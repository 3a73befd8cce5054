-- What one home reported between two times, as far as rules want to know, in order; and one row more than
-- `limit`, so that the caller sees when there are too many. Not what belongs to a walk test.
select date_part('epoch', r.at) as at, s.place, s.role, r.kind, r.value::float8 as value
from sensor s
join reading r on r.sensor_id = s.id and r.at >= %(start)s and r.at < %(end)s
where s.home_id = %(home)s and r.kind = any(%(kinds)s)
  and not (
    s.gateway_id in (select gateway_id from walk_test)
    and is_of_walk_test(s.gateway_id, s.name, r.kind, r.value, r.at, r.received_at)
  )
order by r.at
limit %(limit)s + 1
