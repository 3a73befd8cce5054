-- A sample of the homes that are heard: how many; in how many of them somebody lives; in how many of
-- those something stirred lately; and when the last of the others did. Not of those where monitoring was
-- paused meanwhile. Each home is looked up by itself (offset 0), by the newest hours of its rollup.
select count(*), count(*) filter (where newest > %(lived)s), count(*) filter (where newest > %(stirred)s),
    max(newest) filter (where newest <= %(stirred)s)
from (
    select distinct s.home_id
    from sensor s
    join sensor_seen seen on seen.sensor_id = s.id
    where s.role = 'gateway' and s.home_id %% %(every)s = 0 and seen.last_received_at > %(within)s
      and not exists (select from paused_homes(%(stirred)s, %(now)s) p where p.home_id = s.home_id)
) home
cross join lateral (
    select max(a.last_at) as newest
    from activity_hour a
    where a.home_id = home.home_id and a.hour >= date_trunc('hour', %(lived)s::timestamptz)
    offset 0
) signs
