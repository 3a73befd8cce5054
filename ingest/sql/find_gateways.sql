-- These gateways with their sensors, one row a sensor, the rows of a gateway together.
select g.name, g.id, g.home_id, s.name, s.id, s.home_id, s.place, s.role
from gateway g
join sensor s on s.gateway_id = g.id
where g.name = any(%(names)s)
order by g.id, s.name
