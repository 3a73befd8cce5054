-- A new version of a rule. Its home is due at once, so that its next deadline is known.
with changed as (
    update rule
    set settings = %(settings)s, kind = %(kind)s, version = version + 1, enabled = %(enabled)s,
        since = coalesce(%(since)s, since)
    where id = %(rule)s and home_id = %(home)s
    returning home_id, version
), due as (
    update home_state set due_at = least(due_at, %(now)s) where home_id = (select home_id from changed)
)
select version from changed
