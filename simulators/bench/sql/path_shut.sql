-- When the front door of this gateway's home was first heard of.
select sensor_seen.last_at
from gateway
join sensor on sensor.gateway_id = gateway.id and sensor.place = 'front door'
join sensor_seen on sensor_seen.sensor_id = sensor.id
where gateway.name = %(gateway)s
