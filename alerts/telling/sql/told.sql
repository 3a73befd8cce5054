-- Everybody who was sent a text about these alerts that may have arrived, once each, with
-- the code they know it by and where the alert stands now.
select distinct on (message.alert_id, message.person_id)
    message.alert_id, message.person_id, message.code, alert.step, alert.round
from message
join alert on alert.id = message.alert_id
join person on person.id = message.person_id
where message.alert_id = any(%(alerts)s)
  and message.purpose = 'alert'
  and message.state not in ('queued', 'cancelled', 'failed', 'undelivered')
  and message.person_id is distinct from %(but)s
  and person.opted_out_at is null
  and person.role <> 'resident'
order by message.alert_id, message.person_id, message.id desc
