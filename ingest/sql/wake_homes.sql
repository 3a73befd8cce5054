-- Of the homes that new readings came from, make those due that were woken or are eager,
-- and tell the judges when there is any.
with due as (
    update home_state h
    set due_at = least(h.due_at, 'epoch'::timestamptz + n.received * interval '1 microsecond')
    from unnest(%(homes)s::int[], %(received)s::bigint[]) as n (home_id, received)
    where h.home_id = n.home_id
      and (h.eager or h.home_id = any(%(woken)s::int[]))
    returning h.home_id
)
select pg_notify(%(channel)s, '') where exists (select from due)
