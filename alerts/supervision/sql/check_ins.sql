-- Of each gateway that is seen, and of which a sensor was not heard for longer than it should be: all
-- sensors that it ever told check-ins of, with when each was to be heard again, those of a gateway together.
-- A gateway is seen whose status came within 15 minutes, and a beat too. After a time unseen every sensor
-- has its whole time once more.
-- How long a sensor may be silent: three times the longest it was in its first week, and not less than
-- 6 hours; 1 hour where the bridge says itself that it does not answer. As long as little is
-- learned: 26 hours, since bridges wait 25 for devices on batteries. And one that was heard less
-- than five times in that week does not check in by itself: three weeks. One that is to be ignored never is.
with seen as (
    select g.id, g.seen_since
    from gateway g
    where g.online and g.status_at >= %(now)s - interval '15 minutes'
      and exists (
          select from sensor own
          join sensor_seen on sensor_seen.sensor_id = own.id
          where own.gateway_id = g.id and own.role = 'gateway'
            and sensor_seen.last_received_at >= %(now)s - interval '15 minutes')
), judged as (
    select s.home_id, s.gateway_id, s.id as sensor_id, s.place, s.role, c.heard_at,
        greatest(c.heard_at, seen.seen_since) + case
            when c.times >= 5 then greatest(
                3 * c.longest, case when h.available is false then interval '1 hour' else interval '6 hours' end)
            when c.first_at > %(now)s - interval '7 days' then greatest(interval '26 hours', 3 * c.longest)
            else interval '21 days'
        end as due_at
    from seen
    join sensor s on s.gateway_id = seen.id
    join sensor_check_in c on c.sensor_id = s.id
    left join sensor_health h on h.sensor_id = s.id
    where s.role <> 'gateway'
      and not exists (select from device_setting d where d.gateway_id = s.gateway_id and d.sensor = s.name and d.ignore)
), late as (
    select *, min(due_at) over (partition by gateway_id) as first_due_at from judged
)
select home_id, gateway_id, sensor_id, place, role, heard_at, due_at
from late
where first_due_at <= %(now)s
order by gateway_id, sensor_id
