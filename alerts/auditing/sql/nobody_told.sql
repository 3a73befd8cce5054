-- Alerts open for ten minutes of which no message may have arrived: what waits to be sent has not, unless it
-- waits for the end of quiet hours. Not those whose ladder begins later, nor while the tablet asks the resident.
select count(*) as count, min(opened_at) as since
from alert
where state = 'open' and class <> 'technical' and opened_at <= %(now)s - interval '10 minutes'
  and (step > 0 or unanswered_at is not null or next_step_at is null or next_step_at <= %(now)s)
  and not exists (
    select from message
    where message.alert_id = alert.id and message.purpose = 'alert'
      and (message.state not in ('queued', 'failed', 'undelivered', 'cancelled')
        or message.state = 'queued' and message.attempts = 0 and message.next_try_at > %(now)s))
  and not exists (
    select from gateway_command
    where gateway_command.alert_id = alert.id and sent_at is not null and expires_at > %(now)s)
