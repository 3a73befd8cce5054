-- Remember when each sensor was last heard of; what comes late does not turn it back.
insert into sensor_seen as s (sensor_id, last_at, last_received_at)
select n.id, 'epoch'::timestamptz + n.last * interval '1 microsecond',
    'epoch'::timestamptz + n.received * interval '1 microsecond'
from unnest(%(ids)s::int[], %(lasts)s::bigint[], %(received)s::bigint[]) as n (id, last, received)
order by n.id
on conflict (sensor_id) do update
set last_at = greatest(s.last_at, excluded.last_at),
    last_received_at = greatest(s.last_received_at, excluded.last_received_at)
