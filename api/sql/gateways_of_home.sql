-- The gateways of a home, each with its last status, the end of an open code, what it told of its devices, what
-- people say of those, the config it should have and the one it has, what is wrong with it, its sensors that are
-- in this home, and the names of all its sensors (one gateway may serve other homes too, whose sensors are not told).
select
    gateway.id,
    gateway.name,
    gateway.online,
    gateway.status,
    gateway.status_at,
    gateway.claimed_at,
    gateway.password_hash is not null as let_in,
    (
        select max(expires_at) from claim
        where claim.gateway_id = gateway.id and used_at is null and expires_at > %(now)s
    ) as code_until,
    gateway.devices,
    gateway.beat_s,
    coalesce((
        select json_agg(json_build_object('sensor', sensor, 'role', role, 'invert', invert, 'ignore', ignore)
            order by sensor)
        from device_setting where gateway_id = gateway.id
    ), '[]') as settings,
    config.version as wanted,
    config.confirmed_version as confirmed,
    coalesce((
        select json_object_agg(problem, since) from gateway_problem where gateway_id = gateway.id
    ), '{}') as problems,
    coalesce((
        select json_agg(json_build_object('name', sensor.name, 'place', sensor.place, 'role', sensor.role,
            'heard_at', sensor_seen.last_at) order by sensor.place, sensor.name)
        from sensor
        left join sensor_seen on sensor_seen.sensor_id = sensor.id
        where sensor.gateway_id = gateway.id and sensor.home_id = gateway.home_id
    ), '[]') as sensors,
    array(select sensor.name from sensor where sensor.gateway_id = gateway.id) as known
from gateway
left join gateway_config config on config.gateway_id = gateway.id
where gateway.home_id = %(home_id)s
order by gateway.id
