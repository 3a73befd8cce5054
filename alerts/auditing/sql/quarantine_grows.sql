-- Messages of gateways that did not fit the contract, if they are many: fifty in ten minutes.
select case when count(*) >= 50 then count(*) else 0 end as count, min(received_at) as since
from quarantine
where received_at > %(now)s - interval '10 minutes'
