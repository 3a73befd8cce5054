-- Figures of the homes this person may see, of alerts opened from %(since)s until %(now)s: a row a figure, with how
-- many homes stand behind it. Times are in seconds. Set-based: one look at each table, however many homes.
with mine as materialized (
    select home_id from home_person where person_id = %(person_id)s
), found as materialized (
    select alert.id, alert.home_id, alert.class, alert.outcome, alert.opened_at, alert.deadline_at, alert.closed_at
    from alert
    join mine using (home_id)
    where alert.opened_at >= %(since)s and alert.opened_at < %(now)s
), people as materialized (
    select * from found where class <> 'technical'
), taken as materialized (
    -- Looked up alert by alert: the planner would rather read the history of all alerts there ever were.
    select people.home_id, people.opened_at, first.at, first.role
    from people
    cross join lateral (
        select event.at, person.role
        from alert_event as event
        join person on person.id = event.person_id
        where event.alert_id = people.id and event.what in ('acknowledged', 'attending')
        order by event.id
        limit 1
    ) as first
), texts as materialized (
    select message.state, alert.home_id
    from message
    join alert on alert.id = message.alert_id
    join mine using (home_id)
    where message.created_at >= %(since)s and message.created_at < %(now)s and message.alert_id is not null
      and message.channel = 'sms' and message.handed_over_at is not null
), unseen as (
    select alert.home_id,
        extract(epoch from least(%(now)s, coalesce(alert.explained_at, alert.closed_at, %(now)s))
            - greatest(%(since)s, alert.opened_at)) as seconds
    from alert
    join mine using (home_id)
    where alert.opened_at >= %(since)s::timestamptz - interval '60 days' and alert.opened_at < %(now)s
      and alert.class = 'technical' and alert.reason = %(unseen)s
), lasted as (
    select 'noticed' as key, home_id, extract(epoch from opened_at - deadline_at) as seconds from people
    union all
    select 'taken', home_id, extract(epoch from at - opened_at) from taken
    union all
    select 'closed', home_id, extract(epoch from closed_at - opened_at) from people where closed_at is not null
), spread as (
    select key, count(distinct home_id) as homes,
        percentile_cont(array[0.5, 0.95]) within group (order by seconds) as cuts
    from lasted
    group by key
)
select 'alerts.' || class as key, count(*)::float8 as value, count(distinct home_id)::integer as homes
from found
group by class
union all
select 'outcome.' || outcome, count(*), count(distinct home_id) from people where outcome is not null group by outcome
union all
select 'outcomes', count(*), count(distinct home_id) from people where outcome is not null
union all
select key || '.median', cuts[1], homes from spread
union all
select key || '.p95', cuts[2], homes from spread
union all
select 'taken_by.' || case when role in ('responder', 'coordinator') then 'team' else role end, count(*),
    count(distinct home_id)
from taken
group by 1
union all
select 'texts.sent', count(*), count(distinct home_id) from texts
union all
select 'texts.not_delivered', count(*), count(distinct home_id) from texts where state in ('undelivered', 'failed')
union all
select 'unseen', coalesce(sum(seconds), 0), count(distinct home_id) from unseen where seconds > 0
union all
select 'homes', count(*), count(*) from mine
