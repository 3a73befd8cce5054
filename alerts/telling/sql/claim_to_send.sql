-- Claims the message whose turn it is until %(until)s, for the route of its channel: urgent ones first, then each home in its
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
    set state = 'sending', next_try_at = %(until)s, attempts = least(attempts + 1, 1000),
        provider = case channel
            when 'sms' then %(sms)s when 'voice' then %(voice)s when 'email' then %(email)s else %(webhook)s end
    from chosen
    where message.id = chosen.id
    returning message.*
), noted as (
    insert into message_event (message_id, at, state, source) select id, %(now)s, 'sending', 'engine' from claimed
)
select claimed.id, 'queued' as state, claimed.person_id, claimed.channel, claimed.provider, person.phone, person.email,
    endpoint.url, endpoint.secret, claimed.purpose, claimed.alert_id, claimed.code, claimed.body, claimed.urgent,
    claimed.attempts, claimed.created_at, claimed.handed_over_at, claimed.provider_id, true as wanted
from claimed
left join person on person.id = claimed.person_id
left join endpoint on endpoint.id = claimed.endpoint_id
