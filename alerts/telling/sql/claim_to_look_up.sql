-- Claims the text that waits longest for a look-up. A claim that ran out becomes unknown and is
-- ours until %(until)s; a text about which nothing is heard is asked for more and more rarely.
with chosen as (
    select id, state
    from message
    where state <> 'queued' and next_try_at <= %(now)s
    order by next_try_at
    limit 1
    for update skip locked
), claimed as (
    update message
    set state = case when message.state = 'sending' then 'unknown' else message.state end,
        next_try_at = case
            when message.state in ('sending', 'unknown') then %(until)s
            when message.handed_over_at + %(ask_until)s > %(now)s
                then %(now)s + greatest(
                    case message.provider when 'notify' then %(ask_notify_after)s else %(ask_after)s end,
                    %(now)s - message.handed_over_at)
        end
    from chosen
    where message.id = chosen.id
    returning message.*
), noted as (
    insert into message_event (message_id, at, state, source)
    select id, %(now)s, 'unknown', 'engine' from chosen where state = 'sending'
)
select claimed.id, chosen.state as state, claimed.person_id, claimed.channel, claimed.provider, person.phone, person.email,
    endpoint.url, endpoint.secret, claimed.purpose, claimed.alert_id, claimed.code, claimed.body, claimed.urgent,
    claimed.attempts, claimed.created_at, claimed.handed_over_at, claimed.provider_id,
    case claimed.purpose
        when 'alert' then alert.state = 'open'
        when 'called_again' then alert.state in ('acknowledged', 'attending') and alert.holder_id = claimed.person_id
        else true
    end as wanted
from claimed
join chosen using (id)
left join person on person.id = claimed.person_id
left join endpoint on endpoint.id = claimed.endpoint_id
left join alert on alert.id = claimed.alert_id
