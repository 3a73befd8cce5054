-- Nothing more happens to it.
update alert
set state = %(state)s, closed_at = %(now)s, outcome = %(outcome)s, lapses_at = null, next_step_at = null,
    unanswered_at = null
where id = %(id)s
