-- How many first messages of open alerts were handed over, when the last of them was, and how many have
-- been reported to have arrived.
select count(*) as out, max(handed_over_at) as last_at, count(*) filter (where state = 'delivered') as arrived
from message
where purpose = 'alert' and urgent and step = 1 and handed_over_at is not null
