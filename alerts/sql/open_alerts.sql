-- One open alert for each home and class; where there is one already nothing happens.
-- The first finding of each gives its reason. Returns the alerts that are new.
insert into alert (home_id, class, severity, reason, deadline_at, opened_at)
select distinct on (home_id, class) home_id, class, severity, reason, deadline_at, %(now)s
from unnest(
    %(homes)s::int[], %(classes)s::text[], %(severities)s::text[], %(reasons)s::text[], %(deadlines)s::timestamptz[]
) with ordinality as n (home_id, class, severity, reason, deadline_at, place)
order by home_id, class, place
on conflict (home_id, class) where state <> 'closed' do nothing
returning id
