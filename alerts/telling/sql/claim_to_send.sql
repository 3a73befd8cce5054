-- Claims the text whose turn it is until %(until)s: urgent ones first, then each home in its
-- turn, then the oldest. Two senders never get the same.
with chosen as (
    select id
    from message
    where state = 'queued' and next_try_at <= %(now)s
    order by urgent desc, turn, next_try_at
    limit 1
    for update skip locked
), claimed as (
    update message
    set state = 'sending', next_try_at = %(until)s, attempts = least(attempts + 1, 1000)
    from chosen
    where message.id = chosen.id
    returning message.*
), noted as (
    insert into message_event (message_id, at, state, source) select id, %(now)s, 'sending', 'engine' from claimed
)
select claimed.id, 'queued' as state, claimed.person_id, person.phone, claimed.body, claimed.urgent, claimed.attempts,
    claimed.created_at, claimed.handed_over_at, claimed.provider_id, true as wanted
from claimed join person on person.id = claimed.person_id
