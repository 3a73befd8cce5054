-- Nobody need go, but a person still reads it.
update alert
set state = %(state)s, explained_at = %(now)s, explained_by = %(why)s, holder_id = null, acknowledged_at = null,
    lapses_at = null, next_step_at = null, unanswered_at = null
where id = %(id)s
