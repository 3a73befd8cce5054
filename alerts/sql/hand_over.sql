-- Writes Twilio's id down, unless the text has one already.
update message
set state = 'handed_over', provider_id = %(sid)s, handed_over_at = %(now)s, next_try_at = %(ask_at)s
where id = %(id)s and state in ('sending', 'unknown')
