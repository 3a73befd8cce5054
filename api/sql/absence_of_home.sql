-- The absence that is set for a home and not over, which may lie ahead; no row where nobody set one.
select kind, from_at, until_at
from absence
where home_id = %(home_id)s and ended_at is null and (until_at is null or until_at > %(now)s)
