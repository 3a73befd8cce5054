-- Sensors whose battery is low, and those that were opened or taken off in the last two days.
select s.home_id, s.id as sensor_id, s.place, s.role,
    case when h.battery > 0 and h.battery <= 10 then h.battery::float8 end as battery,
    h.low_since, case when h.tampered_at > %(now)s - interval '2 days' then h.tampered_at end as tampered_at
from sensor_health h
join sensor s on s.id = h.sensor_id
where h.low_since is not null or h.tampered_at > %(now)s - interval '2 days'
order by s.home_id, s.id
