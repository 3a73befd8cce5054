-- Keep what is believed of homes that this transaction has claimed, and when each is due again.
-- Pictures go over in binary, for their many quotes need no escaping then. A null picture leaves the one that is kept. Eager: an alert is not closed.
update home_state s
set picture = coalesce(n.picture::jsonb, s.picture),
    due_at = n.due_at,
    eager = exists (select from alert a where a.home_id = s.home_id and a.state <> 'closed')
from unnest(%(homes)s::int[], %(pictures)b::text[], %(dues)s::timestamptz[]) as n (home_id, picture, due_at)
where s.home_id = n.home_id
