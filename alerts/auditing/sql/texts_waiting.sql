-- Messages that should be out: urgent ones since a minute, others since ten.
select count(*) as count, min(next_try_at) as since
from message
where state = 'queued' and next_try_at <= %(now)s - case when urgent then interval '1 minute' else interval '10 minutes' end
