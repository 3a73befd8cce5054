-- A text of this alert's present step was lost: the next step is due now if there is one.
-- After the last step the ladder's clock stays as it is as long as anybody at all may have
-- been told in this round.
update alert
set next_step_at = %(now)s
from message as lost
where lost.id = %(message_id)s
  and lost.purpose = 'alert'
  and alert.id = lost.alert_id
  and alert.state = 'open'
  and alert.next_step_at > %(now)s
  and (lost.step, lost.round) = (alert.step, alert.round)
  and (
    exists (
        select from ladder_step
        where ladder_step.home_id = alert.home_id and ladder_step.step > alert.step)
    or not exists (
        select from message as other
        where other.alert_id = alert.id and other.purpose = 'alert' and other.round = alert.round
          and other.state not in ('failed', 'undelivered', 'cancelled') and not other.again)
  )
