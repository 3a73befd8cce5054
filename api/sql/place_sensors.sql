-- Say where sensors of a gateway of this home are and what they are; those nobody knew are put in.
-- A sensor that is in another home stays there.
insert into sensor as s (gateway_id, home_id, name, place, role)
select gateway.id, gateway.home_id, typed.name, typed.place, typed.role
from gateway
cross join unnest(%(names)s::text[], %(places)s::text[], %(roles)s::text[]) as typed (name, place, role)
where gateway.id = %(gateway_id)s and gateway.home_id = %(home_id)s
order by typed.name
on conflict (gateway_id, name) do update
set place = excluded.place, role = excluded.role, found_at = null
where s.home_id = excluded.home_id and (s.place, s.role, s.found_at) is distinct from (excluded.place, excluded.role, null)
