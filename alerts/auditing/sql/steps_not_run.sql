-- Open alerts whose next step should have run two minutes ago.
select count(*) as count, min(next_step_at) as since
from alert
where state = 'open' and next_step_at <= %(now)s - interval '2 minutes'
