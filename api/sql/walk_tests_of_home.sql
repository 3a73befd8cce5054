-- The newest walk test of each gateway of a home, not older than %(since)s.
select distinct on (gateway_id) walk_test.id, gateway_id, started_at, expires_at, confirmed_at, watched_at,
    ended_at
from walk_test
join gateway on gateway.id = gateway_id
where home_id = %(home_id)s and started_at > %(since)s
order by gateway_id, started_at desc, walk_test.id desc
