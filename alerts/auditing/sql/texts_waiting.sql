-- Messages that should be out: urgent ones since a minute, others since ten. Those too that are refused
-- again and again, whose next try always lies ahead.
select count(*) as count, min(least(next_try_at, created_at)) as since
from message
where state = 'queued'
  and case when attempts > 0 then least(next_try_at, created_at) else next_try_at end
    <= %(now)s - case when urgent then interval '1 minute' else interval '10 minutes' end
