-- Of the homes that new readings came from, make those due that were woken or are eager,
-- and tell the judges when there is any. A home that was woken (a call for help, an outside
-- door) is due a hundred years ago: so it overtakes all that are merely due, however many,
-- and those that were woken keep their order. It is due even if nobody had made it due before.
-- Rows are locked in the order of ids, as everywhere.
with seen as (
    select n.home_id, 'epoch'::timestamptz + n.received * interval '1 microsecond' as received_at,
        n.home_id = any(%(woken)s::int[]) as woken
    from unnest(%(homes)s::int[], %(received)s::bigint[]) as n (home_id, received)
), made as (
    insert into home_state (home_id, due_at)
    select home_id, received_at - interval '100 years' from seen
    where woken and not exists (select from home_state where home_state.home_id = seen.home_id)
    order by home_id
    on conflict do nothing
    returning home_id
), held as (
    select h.home_id, seen.received_at, seen.woken
    from home_state h join seen using (home_id)
    where h.eager or seen.woken
    order by h.home_id
    for update of h
), due as (
    update home_state h
    set due_at = least(
        h.due_at, held.received_at - case when held.woken then interval '100 years' else interval '0' end)
    from held
    where h.home_id = held.home_id
    returning h.home_id
)
select pg_notify(%(channel)s, '') where exists (select from due) or exists (select from made)
