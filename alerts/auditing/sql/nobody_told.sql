-- Alerts open for ten minutes of which no message may have arrived.
select count(*) as count, min(opened_at) as since
from alert
where state = 'open' and class <> 'technical' and opened_at <= %(now)s - interval '10 minutes'
  and not exists (
    select from message
    where message.alert_id = alert.id and message.purpose = 'alert'
      and (message.state not in ('failed', 'undelivered', 'cancelled')))
