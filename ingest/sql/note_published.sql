-- These versions are with the broker. A config that was changed meanwhile is published again.
update gateway_config c
set published_version = told.version, published_at = %(now)s, leased_until = null
from unnest(%(ids)s::int[], %(versions)s::int[]) as told (gateway_id, version)
where c.gateway_id = told.gateway_id
