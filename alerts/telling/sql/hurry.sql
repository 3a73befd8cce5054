-- A text of this alert was lost. Was it of the present step, then the next step is due now if
-- there is one. After the last step the ladder's clock stays as it is as long as anybody at all
-- may have been told in this round, and from the second time on: it must not become a storm.
-- Had the ladder ended, it goes on at %(later)s if it turns out now that nobody was told.
update alert
set next_step_at = case when alert.next_step_at is null then %(later)s::timestamptz else %(now)s::timestamptz end,
    unanswered_at = null
from message as lost
where lost.id = %(message_id)s
  and lost.purpose = 'alert'
  and alert.id = lost.alert_id
  and alert.state = 'open'
  and case
    when alert.next_step_at is null then
        alert.unanswered_at is not null
        and not exists (
            select from message as other
            where other.alert_id = alert.id and other.purpose = 'alert' and other.round >= alert.round - 1
              and other.state not in ('failed', 'undelivered', 'cancelled'))
    else
        alert.next_step_at > %(now)s
        and (lost.step, lost.round) = (alert.step, alert.round)
        and (
            exists (
                select from ladder_of_alert as ladder
                where ladder.alert_id = alert.id and ladder.step > alert.step)
            or alert.repeats_left > 0 and not exists (
                select from message as other
                where other.alert_id = alert.id and other.purpose = 'alert' and other.round = alert.round
                  and other.state not in ('failed', 'undelivered', 'cancelled') and not other.again))
    end
