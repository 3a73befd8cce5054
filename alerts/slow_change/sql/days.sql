-- The local days of these homes in the week from their Monday and the four before it, of those that
-- had any sign of life, in order; figures as in changes.py, counted from the hourly rollups. What
-- falls into a time for which somebody said that nobody is at home counts as not seen. Where a place holds
-- other sensors beside an outside door, its readings are not those of the door.
with asked as (
    select n.home_id, h.time_zone,
        (n.week - 28)::timestamp at time zone h.time_zone as start_at,
        (n.week + 7)::timestamp at time zone h.time_zone as end_at
    from unnest(%(homes)s::int[], %(weeks)s::date[]) as n (home_id, week)
    join home h on h.id = n.home_id
), spot as (
    select s.home_id, s.place, bool_and(s.role = 'outside_door') as is_door,
        bool_or(s.role = 'fridge_door' or s.place ilike '%%kitchen%%') as is_kitchen
    from sensor s
    where s.home_id = any(%(homes)s::int[])
    group by s.home_id, s.place
), counted as (
    select k.home_id, a.hour, a.hour at time zone k.time_zone as local, sum(a.events) as events,
        min(a.first_at) as first_at, max(a.last_at) as last_at,
        sum(a.events) filter (where spot.is_door) as doors,
        max(a.last_at) filter (where spot.is_door) as door_at,
        coalesce(bool_or(spot.is_kitchen), false) as kitchen
    from asked k
    join activity_hour a on a.home_id = k.home_id and a.hour >= k.start_at and a.hour < k.end_at
    left join spot on spot.home_id = a.home_id and spot.place = a.place
    group by k.home_id, a.hour, k.time_zone
), followed as (
    select *, lead(first_at) over (partition by home_id order by hour) as next_at from counted
), lived as (
    select home_id, local::date as day, count(*) as hours, count(*) filter (where kitchen) as kitchen,
        coalesce(sum(events) filter (where extract(hour from local) < 5), 0)::int as night,
        coalesce(sum(doors), 0)::int as doors,
        count(*) filter (
            where extract(hour from local) between 6 and 19 and next_at - last_at >= interval '1 hour'
              and last_at - door_at <= interval '2 minutes') as outings
    from followed
    group by home_id, local::date
), seen as (
    select k.home_id, (c.hour at time zone k.time_zone)::date as day,
        sum(bit_count(c.minutes::bit(64)))::int as seen_min
    from asked k
    join coverage_hour c on c.home_id = k.home_id and c.hour >= k.start_at and c.hour < k.end_at
    where not exists (
        select from absence away
        where away.home_id = c.home_id and away.from_at < c.hour + interval '1 hour'
          and coalesce(least(away.ended_at, away.until_at), 'infinity') > c.hour)
    group by k.home_id, 2
)
select home_id, day, coalesce(seen_min, 0) as seen_min, hours, kitchen, night, doors, outings
from lived
left join seen using (home_id, day)
order by home_id, day
