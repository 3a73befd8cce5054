-- What gateways say is wrong with themselves, since when, with how many gateways are seen at all.
select g.home_id, p.gateway_id, p.problem, p.since,
    (select count(*) from gateway where status_at >= %(now)s - interval '15 minutes') as seen
from gateway_problem p
join gateway g on g.id = p.gateway_id
order by g.home_id, p.gateway_id, p.problem
