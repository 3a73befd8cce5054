-- Flag gateways whose clock ran ahead, with how far.
update gateway g
set clock_ahead = n.ahead * interval '1 microsecond'
from unnest(%(ids)s::int[], %(ahead)s::bigint[]) as n (id, ahead)
where g.id = n.id
