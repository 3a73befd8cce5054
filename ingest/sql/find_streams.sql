-- The ids of these streams.
select s.id, s.gateway_id, s.boot
from unnest(%(gateways)s::int[], %(boots)s::text[]) as n (gateway_id, boot)
join stream s using (gateway_id, boot)
