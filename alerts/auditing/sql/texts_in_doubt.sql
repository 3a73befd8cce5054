-- Messages of which nobody knows whether they are out, and that nobody looked up in time.
select count(*) as count, min(next_try_at) as since
from message
where state in ('sending', 'unknown') and next_try_at <= %(now)s - interval '2 minutes'
