-- Texts sent this month, where that is four fifths of the budget or more.
select coalesce(max(sent), 0) as count, min(nearly_at) as since
from text_month
where nearly_at is not null and month = date_trunc('month', %(now)s::timestamptz at time zone 'Europe/London')
