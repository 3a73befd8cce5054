-- Writes messages to be sent at once, or not before their time; one that was written before is left as
-- it is. Each gets its place among those of its home that still wait, so that homes can take turns.
with draft as (
    select draft.*, alert.home_id
    from unnest(
        %(alert_id)s::int[], %(person_id)s::int[], %(endpoint_id)s::int[], %(channel)s::text[], %(purpose)s::text[],
        %(step)s::smallint[], %(round)s::smallint[], %(code)s::text[], %(body)s::text[], %(urgent)s::boolean[],
        %(not_before)s::timestamptz[])
        with ordinality as draft (
            alert_id, person_id, endpoint_id, channel, purpose, step, round, code, body, urgent, not_before, place)
    left join alert on alert.id = draft.alert_id
)
insert into message
    (alert_id, person_id, endpoint_id, channel, purpose, step, round, code, body, urgent, turn, created_at, next_try_at)
select alert_id, person_id, endpoint_id, channel, purpose, step, round, code, body, urgent,
    row_number() over (partition by home_id, case when home_id is null then person_id end order by place) + (
        select count(*)
        from alert join message on message.alert_id = alert.id
        where alert.home_id = draft.home_id and alert.state <> 'closed' and message.state = 'queued'
    ),
    %(now)s, coalesce(not_before, %(now)s)
from draft
order by place
on conflict do nothing
