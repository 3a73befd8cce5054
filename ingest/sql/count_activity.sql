-- Add signs of life, each counted once by the caller, to their home, place and hour.
insert into activity_hour as a (home_id, hour, place, events, first_at, last_at)
select n.home_id, 'epoch'::timestamptz + n.hour * interval '1 microsecond', n.place, n.events,
    'epoch'::timestamptz + n.first * interval '1 microsecond', 'epoch'::timestamptz + n.last * interval '1 microsecond'
from unnest(%(homes)s::int[], %(hours)s::bigint[], %(places)s::text[], %(events)s::int[],
    %(firsts)s::bigint[], %(lasts)s::bigint[]) as n (home_id, hour, place, events, first, last)
order by n.home_id, n.hour, n.place
on conflict (home_id, hour, place) do update
set events = a.events + excluded.events,
    first_at = least(a.first_at, excluded.first_at),
    last_at = greatest(a.last_at, excluded.last_at)
