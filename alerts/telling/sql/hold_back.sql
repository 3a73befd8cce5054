-- No phone gets more than %(most)s texts an hour of those that can wait: what is over waits until the
-- one so many before it is an hour old. To be run again until it changes nothing, for what waits moves
-- what comes after it. Whatever somebody else works on just now is left to them: nobody waits here.
with planned as (
    select id, person_id, coalesce(handed_over_at, next_try_at, created_at) as at
    from message
    where person_id = any(%(people)s) and channel = 'sms' and purpose = any(%(purposes)s)
      and state not in ('cancelled', 'failed')
      and created_at > %(now)s - interval '7 days'
      and coalesce(handed_over_at, next_try_at, created_at) > %(now)s - interval '1 hour'
), in_order as (
    select id, lag(at, %(most)s) over (partition by person_id order by at, id) + interval '1 hour' as not_before
    from planned
), waiting as (
    select message.id, not_before
    from message join in_order using (id)
    where message.state = 'queued' and message.next_try_at < not_before
    for update of message skip locked
)
update message
set next_try_at = not_before
from waiting
where message.id = waiting.id
