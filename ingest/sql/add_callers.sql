-- These sensors, which nobody registered, exist afterwards in the home of their gateway: one of them calls
-- for help. Safe to run by several workers at once. No gateway gets more than %(most)s sensors in this way.
insert into sensor (gateway_id, home_id, name, place, role, found_at)
select g.id, g.home_id, n.name, %(place)s, n.role, n.found_at
from (
    select gateway, name, role, found_at, row_number() over (partition by gateway order by name) as place
    from unnest(%(gateways)s::text[], %(names)s::text[], %(roles)s::text[], %(found)s::timestamptz[])
        as n (gateway, name, role, found_at)
) n
join gateway g on g.name = n.gateway
where n.place + (select count(*) from sensor s where s.gateway_id = g.id and s.found_at is not null) <= %(most)s
order by g.id, n.name
on conflict do nothing
