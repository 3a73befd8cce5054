-- Who has these alerts, unless they were told since %(since)s that the home called again. Each
-- telling is a round of its own.
update alert
set round = round + 1
where id = any(%(alerts)s)
  and state in ('acknowledged', 'attending')
  and not exists (
    select from message
    where message.alert_id = alert.id and message.person_id = alert.holder_id
      and message.purpose = 'called_again' and message.created_at > %(since)s)
returning id, holder_id, step, round
