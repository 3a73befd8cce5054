-- Somebody who was told cannot come: the next step, if there is one and it has not run
-- since this person was told, is due now.
update alert
set next_step_at = %(now)s
where id = %(id)s
  and state = 'open'
  and next_step_at > %(now)s
  and exists (
    select from ladder_of_alert as ladder where ladder.alert_id = alert.id and ladder.step > alert.step)
  and not exists (
    select from message
    where message.alert_id = alert.id and message.person_id = %(person)s and message.purpose = 'alert'
      and message.round = alert.round
    having max(message.step) < alert.step)
