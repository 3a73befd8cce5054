-- Each of these gateways has a sensor that stands for itself, under which its beats are kept.
-- Safe to run by several workers at once; changes nothing where it is there.
insert into sensor (gateway_id, home_id, name, place, role)
select g.id, g.home_id, %(own)s, 'gateway', 'gateway'
from gateway g
where g.name = any(%(names)s)
  and not exists (select from sensor s where s.gateway_id = g.id and s.name = %(own)s)
order by g.id
on conflict do nothing
