-- Nobody has it any more. An open alert goes on with its next step at once, as a new round.
update alert
set state = %(state)s, holder_id = null, acknowledged_at = null, lapses_at = null,
    next_step_at = case when %(state)s = 'open' and class <> 'technical' then %(now)s::timestamptz end,
    round = round + 1, repeats_left = 1
where id = %(id)s
