-- A page of the homes this person may see, those that want somebody first, then by name: with the gravest alert
-- that is not closed, the absence that is set, the newest sign of life, and how long ago anything at all was
-- heard; and the pauses of the last three days. Technical alerts only for the team. Each row also says how many
-- homes there are. One query however many.
with mine as (
    select
        home.id,
        home.name,
        home.resident,
        home.time_zone,
        home.keeps,
        worst.id as alert_id,
        worst.state as alert_state,
        worst.class as alert_kind,
        absence.kind as absence,
        absence.from_at as absence_from,
        absence.until_at as absence_until,
        heard.last_at as heard_at,
        case
            when worst.state = 'open' and worst.class <> 'technical' then 1
            when worst.state in ('acknowledged', 'attending') then 2
            when worst.state = 'explained' then 3
            when worst.id is not null or heard.last_at is null or heard.last_at < %(unheard_since)s then 4
            when absence.from_at <= %(now)s then 5
            else 6
        end as rank
    from home_person
    join home on home.id = home_person.home_id
    left join lateral (
        select alert.id, alert.state, alert.class
        from alert
        where alert.home_id = home.id
          and alert.state <> 'closed'
          and (%(on_the_team)s or alert.class <> 'technical')
        order by
            alert.class = 'technical',
            array_position(array['open', 'acknowledged', 'attending', 'explained'], alert.state),
            alert.opened_at
        limit 1
    ) worst on true
    left join absence on absence.home_id = home.id
        and absence.ended_at is null and (absence.until_at is null or absence.until_at > %(now)s)
    left join lateral (
        select max(stream.last_at) as last_at
        from gateway
        join stream on stream.gateway_id = gateway.id
        where gateway.home_id = home.id
    ) heard on true
    where home_person.person_id = %(person_id)s
), page as (
    select mine.*, count(*) over () as total
    from mine
    order by mine.rank, mine.name, mine.id
    limit %(limit)s offset %(offset)s
)
select page.*, sign.last_at as last_sign_at, sign.place as last_place,
    (
        select coalesce(json_agg(json_build_array(from_at, until_at, ended_at)), '[]')
        from pause
        where pause.home_id = page.id and from_at > %(now)s::timestamptz - interval '3 days'
    ) as pauses
from page
left join lateral (
    select activity_hour.place, activity_hour.last_at
    from activity_hour
    where activity_hour.home_id = page.id and activity_hour.hour > %(now)s::timestamptz - interval '3 days'
    order by activity_hour.hour desc, activity_hour.last_at desc
    limit 1
) sign on true
order by page.rank, page.name, page.id
