-- Takes back the texts of these purposes that still wait, to these people (null: to anybody), where the
-- budget of the month is spent. Whatever somebody else works on just now is left for the next time.
with waiting as (
    select id from message
    where state = 'queued' and channel = 'sms' and purpose = any(%(purposes)s)
      and (%(people)s::int[] is null or person_id = any(%(people)s))
      and exists (
        select from text_month
        where month = date_trunc('month', %(now)s::timestamptz at time zone 'Europe/London') and sent >= budget)
    for update skip locked
), stopped as (
    update message
    set state = 'cancelled', ended_at = %(now)s, next_try_at = null
    from waiting
    where message.id = waiting.id
    returning message.id
)
insert into message_event (message_id, at, state, source)
select id, %(now)s, 'cancelled', 'engine' from stopped
