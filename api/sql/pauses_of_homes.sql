-- For how long monitoring was paused in these homes since then, the oldest first.
select home_id, from_at, until_at, ended_at
from pause
where home_id = any(%(homes)s) and until_at > %(since)s and (ended_at is null or ended_at > %(since)s)
order by home_id, from_at
