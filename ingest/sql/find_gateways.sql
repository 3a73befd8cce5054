-- These gateways, whether their clocks are known to run ahead, and their sensors: one row a sensor,
-- the rows of a gateway together.
select g.name, g.id, g.home_id, g.clock_ahead is not null, s.name, s.id, s.home_id, s.place, s.role
from gateway g
join sensor s on s.gateway_id = g.id
where g.name = any(%(names)s)
order by g.id, s.name
