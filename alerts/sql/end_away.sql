-- Whatever is set for this home is over; one whose date has passed ended on that date, and one
-- that lies ahead never begins. Returns what was ended.
update absence
set ended_at = greatest(from_at, least(until_at, %(now)s)),
    ended_why = case when until_at <= %(now)s then 'date' else 'person' end,
    ended_by = case when until_at <= %(now)s then null else %(person)s::int end
where home_id = %(home)s and ended_at is null
returning id
