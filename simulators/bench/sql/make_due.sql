-- So many homes due now, with their readings since a time not taken in yet; the others never.
with due as (
    update home_state
    set due_at = case when home_id <= %(homes)s then %(now)s else 'infinity' end, eager = false
)
update stream set unfolded_from = %(from)s
