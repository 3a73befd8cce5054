-- Alerts of which everybody on the ladder was told, twice, and nobody took them.
select count(*) as count, min(unanswered_at) as since
from alert
where state = 'open' and class <> 'technical' and unanswered_at is not null
