-- Opens an incident for each area in which at least %(fewest)s homes, and at least half of those in service,
-- were last heard within the same quarter of an hour and are silent since. Not while most homes of all are
-- silent, nor soon after an outage of ours, while kit is still finding its way back. Homes whose residents had
-- paused monitoring do not count. One an area; returns those that are new.
with home_heard as (
    select s.home_id, max(seen.last_received_at) as heard_at
    from sensor s
    join sensor_seen seen on seen.sensor_id = s.id
    where s.role = 'gateway' and not exists (select from paused_homes(%(silent)s, %(now)s) p where p.home_id = s.home_id)
    group by s.home_id
), counted as (
    select home.area, heard_at, heard_at <= %(silent)s as is_silent, heard_at <= %(silent)s and heard_at > %(together)s as fell
    from home_heard
    join home on home.id = home_heard.home_id
    where heard_at > %(service)s
), hit as (
    select area, count(*) as homes, max(heard_at) filter (where fell) as began_at
    from counted
    where area is not null
    group by area
    having count(*) filter (where fell) >= %(fewest)s and count(*) filter (where fell) * 2 >= count(*)
)
insert into area_incident (area, began_at, found_at, homes)
select area, began_at, %(now)s, homes
from hit
where not exists (select from outage where ended_at is null or ended_at > %(rested)s)
  and (select count(*) filter (where is_silent) * 2 <= count(*) from counted)
on conflict (area) where ended_at is null do nothing
returning id, homes
