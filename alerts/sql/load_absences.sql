-- When nobody was, is or will be expected in these homes, as far back as it matters.
select home_id, id, from_at, until_at, ended_at
from absence
where home_id = any(%(homes)s) and (ended_at is null or ended_at > %(since)s)
order by from_at
