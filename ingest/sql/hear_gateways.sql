-- Keep the last status of each gateway. The broker repeats it at each connection: the same
-- again is no news and leaves the time it was first heard.
update gateway g
set online = n.online, status = n.status, status_at = n.received_at
from unnest(%(ids)s::int[], %(online)s::boolean[], %(statuses)s::jsonb[], %(received)s::timestamptz[])
    as n (id, online, status, received_at)
where g.id = n.id and g.status is distinct from n.status
