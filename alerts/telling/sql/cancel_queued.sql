-- Takes back the texts of these alerts that ask for somebody and were not handed over.
with cancelled as (
    update message
    set state = 'cancelled', ended_at = %(now)s, next_try_at = null
    where alert_id = any(%(alerts)s) and purpose in ('alert', 'called_again') and state = 'queued'
    returning id
)
insert into message_event (message_id, at, state, source)
select id, %(now)s, 'cancelled', 'engine' from cancelled
