-- Every home this person may see, with its gravest alert that is not closed, its newest sign of life
-- and how long ago anything at all was heard of it. Technical alerts only for the team.
select
    home.id,
    home.name,
    home.resident,
    home.time_zone,
    worst.id as alert_id,
    worst.state as alert_state,
    worst.class as alert_kind,
    worst.holder,
    sign.last_at as last_sign_at,
    sign.place as last_place,
    heard.last_at as heard_at
from home_person
join home on home.id = home_person.home_id
left join lateral (
    select alert.id, alert.state, alert.class, person.name as holder
    from alert
    left join person on person.id = alert.holder_id
    where alert.home_id = home.id
      and alert.state <> 'closed'
      and (%(on_the_team)s or alert.class <> 'technical')
    order by
        alert.class = 'technical',
        array_position(array['open', 'acknowledged', 'explained'], alert.state),
        alert.opened_at
    limit 1
) worst on true
left join lateral (
    select activity_hour.place, activity_hour.last_at
    from activity_hour
    where activity_hour.home_id = home.id and activity_hour.hour > %(now)s::timestamptz - interval '3 days'
    order by activity_hour.hour desc, activity_hour.last_at desc
    limit 1
) sign on true
left join lateral (
    select max(stream.last_at) as last_at
    from gateway
    join stream on stream.gateway_id = gateway.id
    where gateway.home_id = home.id
) heard on true
where home_person.person_id = %(person_id)s
order by home.name, home.id
