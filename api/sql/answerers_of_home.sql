-- Sensors of the gateway that shows the reminders, which may answer one.
select id, place, role
from sensor
where home_id = %(home_id)s and role = any(%(roles)s)
  and gateway_id = (select min(id) from gateway where home_id = %(home_id)s)
order by place, role, id
