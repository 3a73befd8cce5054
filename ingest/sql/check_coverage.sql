-- Hours in which coverage_hour is not what the beats give; no row means that all agree.
with minute as (
    select s.home_id, m as at
    from reading r
    join sensor s on s.id = r.sensor_id
    cross join generate_series(
        date_trunc('minute', r.at - %(proves)s * interval '1 second'), date_trunc('minute', r.at),
        interval '1 minute') as m
    where r.kind = %(beat)s
), counted as (
    select home_id, date_trunc('hour', at) as hour, bit_or(1::bigint << extract(minute from at)::int)::text as says
    from minute
    group by 1, 2
), stored as (
    select home_id, hour, minutes::text as says from coverage_hour
)
select home_id, hour, '', stored.says, counted.says
from stored
full join counted using (home_id, hour)
where stored.says is distinct from counted.says
order by 1, 2
