-- Take sequence numbers into streams that are locked already, and tell what each holds now.
-- `saves` and `unfolded_from` go up and down only with readings that no picture has seen.
update stream s
set stored = s.stored + n.taken::int8multirange,
    saves = s.saves + (n.first is not null)::int,
    unfolded_from = least(s.unfolded_from, 'epoch'::timestamptz + n.first * interval '1 microsecond'),
    last_at = greatest(s.last_at, 'epoch'::timestamptz + n.last * interval '1 microsecond'),
    last_received_at = greatest(s.last_received_at, 'epoch'::timestamptz + n.received * interval '1 microsecond')
from unnest(%(ids)s::int[], %(taken)s::text[], %(firsts)s::bigint[], %(lasts)s::bigint[], %(received)s::bigint[])
    as n (id, taken, first, last, received)
where s.id = n.id
returning s.id, s.stored::text
