-- Every home due now, with its readings since a time not taken in yet.
with due as (
    update home_state set due_at = %(now)s, eager = false
)
update stream set unfolded_from = %(from)s
