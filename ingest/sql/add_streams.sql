-- These streams exist afterwards. Safe to run by several workers at once.
insert into stream (gateway_id, boot)
select n.gateway_id, n.boot
from unnest(%(gateways)s::int[], %(boots)s::text[]) as n (gateway_id, boot)
order by n.gateway_id, n.boot
on conflict do nothing
