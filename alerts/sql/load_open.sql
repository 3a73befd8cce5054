-- The alerts of these homes that are not closed.
select home_id, id, class as class_, state, reason, opened_at, explained_at is not null as explained
from alert
where home_id = any(%(homes)s) and state <> 'closed'
