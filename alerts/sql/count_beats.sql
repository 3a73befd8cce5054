-- How many homes were in service, how many of them were heard lately, and when the last of the others was.
-- Of homes whose residents had paused monitoring just now nothing is expected.
select count(*) filter (where heard_at > %(before)s), count(*) filter (where heard_at > %(within)s),
    max(heard_at) filter (where heard_at <= %(within)s)
from (
    select max(seen.last_received_at) as heard_at
    from sensor s
    join sensor_seen seen on seen.sensor_id = s.id
    where s.role = 'gateway' and not exists (select from paused_homes(%(within)s, %(now)s) p where p.home_id = s.home_id)
    group by s.home_id
) home
