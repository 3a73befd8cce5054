-- Hours in which activity_hour is not what the readings give; no row means that all agree.
-- Where a sensor was moved to another place, nobody knows any more which of its readings were
-- counted where: of such a home the places of an hour are compared together, as one place "".
with moved as (
    select distinct home_id from sensor where moved_at is not null
), spot as (
    select s.id, s.home_id, case when m.home_id is null then s.place else '' end as place
    from sensor s
    left join moved m using (home_id)
), counted as (
    select s.home_id, date_trunc('hour', r.at) as hour, s.place,
        (count(*), min(r.at), max(r.at))::text as says
    from reading r
    join spot s on s.id = r.sensor_id
    where r.kind = any(%(kinds)s)
      and not exists (
          select from unnest(%(itself_kinds)s::smallint[], %(itself_values)s::real[]) as i (kind, value)
          where i.kind = r.kind and i.value = r.value)
    group by 1, 2, 3
), stored as (
    select a.home_id, a.hour, case when m.home_id is null then a.place else '' end as place,
        (sum(a.events)::bigint, min(a.first_at), max(a.last_at))::text as says
    from activity_hour a
    left join moved m using (home_id)
    group by 1, 2, 3
)
select home_id, hour, place, stored.says, counted.says
from stored
full join counted using (home_id, hour, place)
where stored.says is distinct from counted.says
order by 1, 2, 3
