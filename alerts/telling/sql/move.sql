-- Moves a text on; at its end nothing is left to do about it.
update message
set state = %(state)s,
    error_code = coalesce(%(error_code)s, error_code),
    ended_at = %(ended_at)s,
    next_try_at = case when %(ended_at)s::timestamptz is null then next_try_at end
where id = %(id)s
