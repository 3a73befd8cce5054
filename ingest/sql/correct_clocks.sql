-- Note how far the clocks of these gateways run ahead, and since when; 0: it is right (again).
update gateway g
set clock_ahead = nullif(n.ahead, 0) * interval '1 microsecond',
    clock_ahead_since = case
        when n.ahead > 0
            then coalesce(g.clock_ahead_since, 'epoch'::timestamptz + n.received * interval '1 microsecond')
        end
from unnest(%(ids)s::int[], %(ahead)s::bigint[], %(received)s::bigint[]) as n (id, ahead, received)
where g.id = n.id
