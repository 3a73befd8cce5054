-- How many readings of each sensor of this gateway, beats aside, lie in the span (both ends included).
select sensor.name, count(*)
from gateway
join sensor on sensor.gateway_id = gateway.id
join reading on reading.sensor_id = sensor.id
where gateway.name = %(gateway)s and sensor.role <> 'gateway' and reading.at between %(since)s and %(until)s
group by sensor.name
