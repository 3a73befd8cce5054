-- Alerts that somebody has without an outcome, and that should be open to all again.
select count(*) as count, min(lapses_at) as since
from alert
where state in ('acknowledged', 'attending') and lapses_at <= %(now)s - interval '2 minutes'
