-- The outages that go on or ended lately, oldest first.
select kind, began_at, ended_at
from outage
where ended_at is null or ended_at > %(since)s
order by began_at
