-- A sign-in code that could not be sent in time is of no use any more.
update message
set state = 'cancelled', ended_at = %(now)s, next_try_at = null
where purpose = 'sign_in' and state = 'queued' and created_at < %(now)s - interval '10 minutes'
