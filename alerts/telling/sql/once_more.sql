-- Tries a handset that may have been off once more, later; a second try is not tried again.
insert into message
    (alert_id, person_id, channel, purpose, step, round, again, code, body, urgent, created_at, next_try_at)
select alert_id, person_id, channel, purpose, step, round, true, code, body, urgent, %(now)s, %(later)s
from message
where id = %(message_id)s and not again and alert_id is not null
on conflict do nothing
