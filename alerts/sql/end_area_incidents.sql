-- Incidents of which at least half of the homes are heard again, or that nobody waits for any more. Whose
-- resident has paused monitoring meanwhile was heard.
update area_incident i
set ended_at = greatest(began_at, %(now)s)
where ended_at is null
  and (
    found_at <= %(longest_ago)s
    or (
        select count(*) filter (where exists (
            select from sensor s
            join sensor_seen seen on seen.sensor_id = s.id
            where s.home_id = h.home_id and s.role = 'gateway' and seen.last_received_at > %(silent)s
            union all
            select from paused_homes(%(silent)s, %(now)s) p where p.home_id = h.home_id
        )) * 2 >= count(*)
        from area_incident_home h
        where h.incident_id = i.id
    ))
returning id
