-- A sample of the homes that are heard: how many, in how many of them somebody lives, and in how many
-- of those something stirred lately. Each home is looked up by itself (offset 0), by the newest hours of its rollup.
select count(*), count(*) filter (where lived), count(*) filter (where lived and stirred)
from (
    select distinct s.home_id
    from sensor s
    join sensor_seen seen on seen.sensor_id = s.id
    where s.name = %(own)s and s.role = 'gateway' and s.home_id %% %(every)s = 0 and seen.last_received_at > %(within)s
) home
cross join lateral (
    select exists (
        select from activity_hour a
        where a.home_id = home.home_id and a.hour >= date_trunc('hour', %(lived)s::timestamptz) and a.last_at > %(lived)s
    ) as lived,
    exists (
        select from activity_hour a
        where a.home_id = home.home_id and a.hour >= date_trunc('hour', %(stirred)s::timestamptz)
            and a.last_at > %(stirred)s
    ) as stirred
    offset 0
) seen
