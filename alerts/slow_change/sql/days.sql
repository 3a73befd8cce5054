-- The local days of these homes in the week from their Monday and the four before it, of those that
-- had any sign of life, in order; figures as in changes.py, counted from the hourly rollups. What
-- falls into a time for which somebody said that nobody is at home, or into an hour in which monitoring was
-- paused, counts as not seen. Where a place holds
-- other sensors beside an outside door, its readings are not those of the door. Each home by itself
-- (lateral), for then the index gives its hours in order and nothing need be sorted.
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
), lived as (
    select k.home_id, l.*
    from asked k
    cross join lateral (
        select f.local::date as day, count(*) as hours, count(*) filter (where f.kitchen) as kitchen,
            coalesce(sum(f.events) filter (where extract(hour from f.local) < 5), 0)::int as night,
            coalesce(sum(f.doors), 0)::int as doors,
            count(*) filter (
                where extract(hour from f.local) between 6 and 19 and f.next_at - f.last_at >= interval '1 hour'
                  and f.last_at - f.door_at <= interval '2 minutes') as outings
        from (
            select a.hour at time zone k.time_zone as local, sum(a.events) as events,
                max(a.last_at) as last_at, lead(min(a.first_at)) over (order by a.hour) as next_at,
                sum(a.events) filter (where spot.is_door) as doors,
                max(a.last_at) filter (where spot.is_door) as door_at,
                coalesce(bool_or(spot.is_kitchen), false) as kitchen
            from activity_hour a
            left join spot on spot.home_id = k.home_id and spot.place = a.place
            where a.home_id = k.home_id and a.hour >= k.start_at and a.hour < k.end_at
            group by a.hour
        ) f
        group by f.local::date
    ) l
), seen as (
    select k.home_id, s.*
    from asked k
    cross join lateral (
        select (c.hour at time zone k.time_zone)::date as day, sum(bit_count(c.minutes::bit(64)))::int as seen_min
        from coverage_hour c
        where c.home_id = k.home_id and c.hour >= k.start_at and c.hour < k.end_at
          and not exists (
              select from absence away
              where away.home_id = c.home_id and away.from_at < c.hour + interval '1 hour'
                and coalesce(least(away.ended_at, away.until_at), 'infinity') > c.hour)
          and not exists (
              select from pause
              where pause.home_id = c.home_id and pause.from_at < c.hour + interval '1 hour'
                and least(pause.until_at, pause.ended_at, pause.from_at + interval '31 hours') > c.hour)
        group by 1
    ) s
)
select home_id, day, coalesce(seen_min, 0) as seen_min, hours, kitchen, night, doors, outings
from lived
left join seen using (home_id, day)
order by home_id, day
