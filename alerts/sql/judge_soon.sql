-- The home is due now, and pages that show it are told.
with due as (
    update home_state set due_at = least(due_at, %(now)s) where home_id = %(home)s returning home_id
)
select pg_notify(%(changed)s, %(home)s::text), pg_notify(%(due)s, '') from (select count(*) from due) as done
