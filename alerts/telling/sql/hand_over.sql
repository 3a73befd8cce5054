-- Writes Twilio's id down, unless the text has one already, and tells the pages. Queued again:
-- the claim had run out, and the answer came after all; now it is not sent a second time.
with handed_over as (
    update message
    set state = 'handed_over', provider_id = %(sid)s, handed_over_at = %(now)s, next_try_at = %(ask_at)s
    where id = %(id)s and state in ('queued', 'sending', 'unknown')
    returning id, alert_id
), noted as (
    insert into message_event (message_id, at, state, source)
    select id, %(now)s, 'handed_over', 'engine' from handed_over
)
select pg_notify(%(changed)s, alert.home_id::text)
from handed_over left join alert on alert.id = handed_over.alert_id
