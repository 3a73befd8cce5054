-- A page of the alerts that are not closed in the homes this person may see (home_id null: in all of them),
-- with who was told. What needs somebody comes first, then what somebody has, what is explained, and equipment;
-- in each part urgent and old first. Each row also says how many there are in its part. One query however many.
with mine as (
    select
        alert.id,
        sorted.part,
        row_number() over (
            order by
                array_position(array['open', 'taken', 'explained', 'technical'], sorted.part),
                array_position(array['urgent', 'welfare', 'technical'], alert.class),
                alert.opened_at,
                alert.id
        ) as place
    from alert
    join home_person on home_person.home_id = alert.home_id and home_person.person_id = %(person_id)s
    cross join lateral (
        select case
            when alert.class = 'technical' then 'technical'
            when alert.state in ('acknowledged', 'attending') then 'taken'
            else alert.state
        end as part
    ) sorted
    where alert.state <> 'closed'
      and (%(on_the_team)s or alert.class <> 'technical')
      and (%(home_id)s::integer is null or alert.home_id = %(home_id)s)
), parts as (
    select json_object_agg(part, alerts) as totals from (select part, count(*) as alerts from mine group by part) each
), page as (
    select mine.id, mine.place from mine order by mine.place limit %(limit)s offset %(offset)s
)
select
    alert_shown.*,
    told.people as told,
    parts.totals
from page
join alert_shown on alert_shown.id = page.id
cross join parts
left join lateral (
    select coalesce(json_agg(json_build_object('name', each.name, 'state', each.state) order by each.id), '[]') as people
    from (
        select distinct on (message.person_id, message.endpoint_id)
            message.id, coalesce(person.name, endpoint.name) as name, message.state
        from message
        left join person on person.id = message.person_id
        left join endpoint on endpoint.id = message.endpoint_id
        where message.alert_id = page.id and message.purpose = 'alert'
        order by message.person_id, message.endpoint_id, message.id desc
    ) each
) told on true
order by page.place
