-- Tie findings to the alert of their home and class that is not closed. Returns the alert of each.
update finding f
set alert_id = a.id
from unnest(%(findings)s::bigint[], %(classes)s::text[]) as n (finding_id, class), alert a
where f.id = n.finding_id and a.home_id = f.home_id and a.class = n.class and a.state <> 'closed'
returning f.id as finding_id, a.id as alert_id, f.reason, f.deadline_at
