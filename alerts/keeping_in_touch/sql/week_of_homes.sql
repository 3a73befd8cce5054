-- The week of these homes from their Monday until now: on how many days somebody was expected, how many of
-- those were as usual (somebody stirred, no alert was opened, at least half of it could be seen), and how
-- many minutes of them could not be seen, apart from those for which monitoring was paused.
with day as (
    select home.id as home_id, home.name, start_at, least(end_at, %(now)s) as end_at
    from home
    cross join lateral (
        select date_trunc('week', %(now)s::timestamptz at time zone home.time_zone) as monday
    ) as week
    cross join generate_series(0, 6) as number
    cross join lateral (
        select (monday + make_interval(days => number)) at time zone home.time_zone as start_at,
            (monday + make_interval(days => number + 1)) at time zone home.time_zone as end_at
    ) as bounds
    where home.id = any(%(homes)s) and start_at < %(now)s
), judged as (
    select home_id, name,
        extract(epoch from end_at - start_at)::int / 60 as span_min,
        exists (
            select from absence
            where absence.home_id = day.home_id and from_at < day.end_at
              and coalesce(least(ended_at, until_at), 'infinity') > day.start_at
        ) as is_away,
        exists (
            select from activity_hour
            where activity_hour.home_id = day.home_id and hour >= day.start_at and hour < day.end_at
        ) as is_active,
        exists (
            select from alert
            where alert.home_id = day.home_id and class <> 'technical'
              and opened_at >= day.start_at and opened_at < day.end_at
        ) as had_alert,
        (
            select coalesce(sum(bit_count(minutes::bit(64))), 0)::int from coverage_hour
            where coverage_hour.home_id = day.home_id and hour >= day.start_at and hour < day.end_at
        ) as seen_min,
        (
            select coalesce(sum(extract(epoch from
                least(until_at, ended_at, from_at + interval '31 hours', day.end_at)
                - greatest(from_at, day.start_at))), 0)::int / 60
            from pause
            where pause.home_id = day.home_id and from_at < day.end_at
              and least(until_at, ended_at, from_at + interval '31 hours') > day.start_at
        ) as paused_min
    from day
)
select home_id, name,
    count(*) filter (where not is_away)::int as days,
    count(*) filter (where is_away)::int as days_away,
    count(*) filter (where not is_away and is_active and not had_alert and seen_min * 2 >= span_min)::int as usual,
    coalesce(sum(greatest(0, span_min - seen_min - paused_min)) filter (where not is_away), 0)::int as unseen_min,
    coalesce(sum(least(paused_min, span_min)) filter (where not is_away), 0)::int as paused_min
from judged
group by home_id, name
order by name, home_id
