-- How many gateways have not yet delivered all that they saw before this time.
select count(*)
from gateway
where not exists (
    select from sensor
    join sensor_seen on sensor_seen.sensor_id = sensor.id
    where sensor.gateway_id = gateway.id and sensor.role = 'gateway' and sensor_seen.last_at >= %(since)s
)
