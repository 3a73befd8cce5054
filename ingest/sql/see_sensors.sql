-- Remember when each sensor was last heard of; what comes late does not turn it back. `burst` counts
-- readings about the present (not what was kept and comes late) within ten minutes of the first of them.
insert into sensor_seen as s (sensor_id, last_at, last_received_at, burst, burst_from)
select n.id, 'epoch'::timestamptz + n.last * interval '1 microsecond',
    'epoch'::timestamptz + n.received * interval '1 microsecond', n.fresh,
    'epoch'::timestamptz + n.received * interval '1 microsecond'
from unnest(%(ids)s::int[], %(lasts)s::bigint[], %(received)s::bigint[], %(fresh)s::int[])
    as n (id, last, received, fresh)
order by n.id
on conflict (sensor_id) do update
set last_at = greatest(s.last_at, excluded.last_at),
    last_received_at = greatest(s.last_received_at, excluded.last_received_at),
    burst = excluded.burst
        + case when excluded.burst_from < s.burst_from + interval '10 minutes' then s.burst else 0 end,
    burst_from = case
        when excluded.burst_from < s.burst_from + interval '10 minutes' then s.burst_from
        else excluded.burst_from end
