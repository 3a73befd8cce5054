-- Who has it is with the resident: a longer clock runs until there must be an outcome.
update alert
set state = %(state)s, holder_id = %(person)s, acknowledged_at = coalesce(acknowledged_at, %(now)s),
    lapses_at = %(lapses_at)s, next_step_at = null, unanswered_at = null
where id = %(id)s
