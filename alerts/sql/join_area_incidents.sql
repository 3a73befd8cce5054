-- Homes that fell silent in an area whose incident goes on belong to it, and so do their open technical
-- alerts that they cannot be seen. A home whose resident has paused monitoring is none of them.
with joined as (
    insert into area_incident_home (incident_id, home_id)
    select i.id, home.id
    from area_incident i
    join home on home.area = i.area
    cross join lateral (
        select max(seen.last_received_at) as heard_at
        from sensor s
        join sensor_seen seen on seen.sensor_id = s.id
        where s.home_id = home.id and s.role = 'gateway'
    ) as was
    where i.ended_at is null and was.heard_at <= %(silent)s and was.heard_at > i.began_at - %(apart)s
      and not exists (select from paused_homes(%(silent)s, %(now)s) p where p.home_id = home.id)
    on conflict do nothing
    returning incident_id, home_id
)
update alert
set area_incident_id = hit.incident_id
from (
    select incident_id, home_id from joined
    union
    select h.incident_id, h.home_id
    from area_incident_home h
    join area_incident i on i.id = h.incident_id
    where i.ended_at is null
) as hit
where alert.home_id = hit.home_id and alert.class = 'technical' and alert.state <> 'closed'
  and alert.reason = 'home_unseen' and alert.area_incident_id is distinct from hit.incident_id
