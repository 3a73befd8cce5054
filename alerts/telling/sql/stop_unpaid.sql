-- Takes back the texts of these purposes that still wait, to these people (null: to anybody), where the
-- budget of the month is spent.
with stopped as (
    update message
    set state = 'cancelled', ended_at = %(now)s, next_try_at = null
    where state = 'queued' and channel = 'sms' and purpose = any(%(purposes)s)
      and (%(people)s::int[] is null or person_id = any(%(people)s))
      and exists (
        select from text_month
        where month = date_trunc('month', %(now)s::timestamptz at time zone 'Europe/London') and sent >= budget)
    returning id
)
insert into message_event (message_id, at, state, source)
select id, %(now)s, 'cancelled', 'engine' from stopped
