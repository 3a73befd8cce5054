-- Ladders whose first step comes a while after the alert opened.
update alert
set next_step_at = start.at
from unnest(%(alerts)s::int[], %(at)s::timestamptz[]) as start (id, at)
where alert.id = start.id
