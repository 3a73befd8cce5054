-- Lease the pictures and sounds that gateways which are there ask for.
with due as (
    select c.gateway_id
    from gateway_config c
    join gateway g on g.id = c.gateway_id
    where c.missing <> '{}' and g.online and (c.leased_until is null or c.leased_until <= %(now)s)
    order by c.gateway_id
    limit %(most)s
    for update of c skip locked
), leased as (
    update gateway_config c set leased_until = %(until)s from due where c.gateway_id = due.gateway_id
    returning c.gateway_id, c.missing
)
select g.id, g.name, asset.bytes
from leased
join gateway g on g.id = leased.gateway_id
join asset on asset.home_id = g.home_id and asset.hash = any(leased.missing)
order by g.id, asset.hash
