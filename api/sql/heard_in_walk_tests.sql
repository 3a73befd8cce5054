-- What sensors told in these walk tests, newest first, and whether it is not taken for the resident's doing.
select w.gateway_id, s.name, r.kind, r.value::float8, r.at,
    is_of_walk_test(w.gateway_id, s.name, r.kind, r.value, r.at, r.received_at) as held
from walk_test w
join gateway on gateway.id = w.gateway_id
join sensor s on s.gateway_id = w.gateway_id and s.home_id = gateway.home_id
join reading r on r.sensor_id = s.id and r.at >= w.confirmed_at and r.at < least(w.ended_at, w.expires_at)
where w.id = any(%(ids)s) and r.kind <> all (%(leave_out)s)
order by r.at desc
limit 500
