-- A walk test of each gateway of a home that was ever heard.
insert into walk_test (gateway_id, person_id, started_at, expires_at, told_until, watched_at)
select id, %(person_id)s, %(now)s, %(expires_at)s, %(told_until)s, %(now)s
from gateway
where home_id = %(home_id)s and status_at is not null
order by id
returning gateway_id
