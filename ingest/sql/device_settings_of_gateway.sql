-- What people say of single sensors of a gateway.
select sensor, role, invert, ignore
from device_setting
where gateway_id = %(gateway)s
order by sensor
