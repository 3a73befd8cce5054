-- A text that is not out, and that nobody needs any more.
update message
set state = 'cancelled', ended_at = %(now)s, next_try_at = null
where id = %(id)s
