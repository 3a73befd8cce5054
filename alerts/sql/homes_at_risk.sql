-- The homes of an incident, those first about whom to worry most: something about the person is open there
-- (and nobody has it, and nobody answered), who lives alone, and where the newest sign of life is oldest.
select h.home_id, home.name, worst.id as alert_id,
    coalesce(worst.state = 'open', false) as nobody_has_it,
    worst.unanswered_at is not null as nobody_answered,
    home.occupants = 1 as lives_alone,
    stirred.last_at as last_sign_at,
    heard.at as heard_at
from area_incident_home h
join home on home.id = h.home_id
left join lateral (
    select alert.id, alert.state, alert.unanswered_at
    from alert
    where alert.home_id = h.home_id and alert.class <> 'technical' and alert.state <> 'closed'
    order by array_position(array['urgent', 'high', 'low'], alert.severity), alert.opened_at
    limit 1
) as worst on true
left join lateral (
    select max(last_at) as last_at
    from activity_hour
    where activity_hour.home_id = h.home_id and hour > %(now)s::timestamptz - interval '3 days'
) as stirred on true
left join lateral (
    select max(seen.last_received_at) as at
    from sensor s
    join sensor_seen seen on seen.sensor_id = s.id
    where s.home_id = h.home_id and s.role = 'gateway'
) as heard on true
where h.incident_id = %(incident)s
order by worst.id is null, nobody_has_it desc, nobody_answered desc, lives_alone desc, last_sign_at nulls first, h.home_id
