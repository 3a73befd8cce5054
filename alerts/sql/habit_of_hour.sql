-- How a sample of the homes lived at this hour of the last days: on how many of those days somebody lived in one
-- (a sign of life within the day before the hour's end), and on how many of them something stirred in the hour.
select count(*)::int, count(*) filter (where stirred)::int
from home
cross join generate_series(1, %(days)s) as ago
cross join lateral (
    select date_trunc('hour', %(now)s::timestamptz) - make_interval(days => ago) as hour
) as that
cross join lateral (
    select bool_or(a.hour = that.hour) as stirred
    from activity_hour a
    where a.home_id = home.id and a.hour > that.hour - interval '24 hours' and a.hour <= that.hour
    offset 0
) as day
where home.id %% %(every)s = 0 and day.stirred is not null
