-- Keep what is believed of homes that this transaction has claimed, and when each is due again.
-- A null picture leaves the one that is kept. Eager: an alert is not closed.
update home_state s
set picture = coalesce(n.picture, s.picture),
    due_at = n.due_at,
    eager = exists (select from alert a where a.home_id = s.home_id and a.state <> 'closed')
from unnest(%(homes)s::int[], %(pictures)s::jsonb[], %(dues)s::timestamptz[]) as n (home_id, picture, due_at)
where s.home_id = n.home_id
