-- Set the bits of minutes that beats have proved; setting one twice changes nothing.
insert into coverage_hour as c (home_id, hour, minutes)
select n.home_id, 'epoch'::timestamptz + n.hour * interval '1 microsecond', n.minutes
from unnest(%(homes)s::int[], %(hours)s::bigint[], %(minutes)s::bigint[]) as n (home_id, hour, minutes)
order by n.home_id, n.hour
on conflict (home_id, hour) do update
set minutes = c.minutes | excluded.minutes
