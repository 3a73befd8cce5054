-- Tie findings to the alert of their home and class that is not closed, which is from then on as
-- grave as its gravest. Returns the alert of each, and whether that is graver by this finding.
with joined as (
    update finding f
    set alert_id = a.id
    from unnest(%(findings)s::bigint[], %(classes)s::text[]) as n (finding_id, class), alert a
    where f.id = n.finding_id and a.home_id = f.home_id and a.class = n.class and a.state <> 'closed'
    returning f.id as finding_id, a.id as alert_id, f.reason, f.deadline_at, f.severity
), gravest as (
    select alert_id, min(array_position(array['urgent', 'high', 'low'], severity)) as rank from joined group by alert_id
), raised as (
    update alert a
    set severity = (array['urgent', 'high', 'low'])[g.rank]
    from gravest g
    where a.id = g.alert_id and g.rank < array_position(array['urgent', 'high', 'low'], a.severity)
    returning a.id, a.severity
)
select finding_id, alert_id, reason, deadline_at, coalesce(joined.severity = raised.severity, false) as is_graver
from joined
left join raised on raised.id = joined.alert_id
