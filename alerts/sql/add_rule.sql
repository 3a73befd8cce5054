-- A new rule, and its home due at once so that its first deadline is known. Returns its id.
with made as (
    insert into rule (home_id, kind, settings, since)
    values (%(home)s, %(kind)s, %(settings)s, %(since)s)
    returning id
), due as (
    insert into home_state (home_id, due_at)
    values (%(home)s, coalesce(%(since)s, 'epoch'::timestamptz))
    on conflict (home_id) do update set due_at = least(home_state.due_at, excluded.due_at)
)
select id from made
