-- Moves a text on and writes that down; at its end nothing is left to do about it.
with moved as (
    update message
    set state = %(state)s,
        error_code = coalesce(%(error_code)s, error_code),
        ended_at = %(ended_at)s,
        next_try_at = case when %(ended_at)s::timestamptz is null then next_try_at end
    where id = %(id)s
)
insert into message_event (message_id, at, state, source, error_code)
values (%(id)s, %(now)s, %(state)s, %(source)s, %(error_code)s)
