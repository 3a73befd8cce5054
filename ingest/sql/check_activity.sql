-- Hours in which activity_hour is not what the readings give; no row means that all agree.
with counted as (
    select s.home_id, date_trunc('hour', r.at) as hour, s.place,
        (count(*), min(r.at), max(r.at))::text as says
    from reading r
    join sensor s on s.id = r.sensor_id
    where r.kind = any(%(kinds)s)
      and not exists (
          select from unnest(%(itself_kinds)s::smallint[], %(itself_values)s::real[]) as i (kind, value)
          where i.kind = r.kind and i.value = r.value)
    group by 1, 2, 3
), stored as (
    select home_id, hour, place, (events::bigint, first_at, last_at)::text as says from activity_hour
)
select home_id, hour, place, stored.says, counted.says
from stored
full join counted using (home_id, hour, place)
where stored.says is distinct from counted.says
order by 1, 2, 3
