-- Texts sent this month, where that is the whole budget or more.
select coalesce(max(sent), 0) as count, min(spent_at) as since
from text_month
where spent_at is not null and month = date_trunc('month', %(now)s::timestamptz at time zone 'Europe/London')
