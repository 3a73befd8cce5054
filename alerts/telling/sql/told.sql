-- Everybody who was told about these alerts by a message that may have arrived, once each, with
-- the code they know it by and where the alert stands now. Who was called hears the rest by a text.
select distinct on (message.alert_id, message.person_id, message.endpoint_id)
    message.alert_id, message.person_id, message.endpoint_id,
    case message.channel when 'voice' then 'sms' else message.channel end as channel,
    message.code, alert.step, alert.round
from message
join alert on alert.id = message.alert_id
left join person on person.id = message.person_id
where message.alert_id = any(%(alerts)s)
  and message.purpose = 'alert'
  and message.state not in ('queued', 'cancelled', 'failed', 'undelivered')
  and (message.endpoint_id is not null or message.person_id is distinct from %(but)s)
  and person.opted_out_at is null
  and not coalesce(lives_in(message.person_id, alert.home_id), false)
order by message.alert_id, message.person_id, message.endpoint_id, message.channel <> 'sms', message.id desc
