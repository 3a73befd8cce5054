-- Alerts closed since %(since)s whose home has something new of their class are open again, as a new
-- round, unless another is open already. Returns them.
with news as (
    select distinct on (home_id, class) home_id, class, severity, reason, deadline_at
    from unnest(
        %(homes)s::int[], %(classes)s::text[], %(severities)s::text[], %(reasons)s::text[], %(deadlines)s::timestamptz[]
    ) with ordinality as n (home_id, class, severity, reason, deadline_at, place)
    order by home_id, class, place
), recent as (
    select distinct on (a.home_id, a.class) a.id, n.severity, n.reason, n.deadline_at
    from news n
    join alert a on a.home_id = n.home_id and a.class = n.class and a.state = 'closed' and a.closed_at > %(since)s
    where not exists (
        select from alert b where b.home_id = n.home_id and b.class = n.class and b.state <> 'closed')
    order by a.home_id, a.class, a.closed_at desc
)
update alert a
set state = 'open', severity = recent.severity, reason = recent.reason, deadline_at = recent.deadline_at,
    opened_at = %(now)s, reopened = reopened + 1, closed_at = null, outcome = null,
    explained_at = null, explained_by = null, holder_id = null, acknowledged_at = null, lapses_at = null,
    unanswered_at = null, step = 0, round = round + 1, repeats_left = 1
from recent
where a.id = recent.id
returning a.id
