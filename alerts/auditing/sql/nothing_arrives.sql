-- Gateways that were heard on the last day, if not one of them was in the last fifteen minutes.
select case when max(last_received_at) <= %(now)s - interval '15 minutes' then count(distinct gateway_id) else 0 end
    as count, max(last_received_at) as since
from stream
where last_received_at > %(now)s - interval '1 day'
