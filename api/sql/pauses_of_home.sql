-- For how long monitoring was paused in this home since then, the oldest first.
select from_at, until_at, ended_at
from pause
where home_id = %(home)s and until_at > %(since)s and (ended_at is null or ended_at > %(since)s)
order by from_at
