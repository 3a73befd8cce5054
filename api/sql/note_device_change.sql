-- Who changed what a sensor is used as, or (sensor null) what a gateway does itself.
insert into device_change (gateway_id, sensor, at, person_id, after)
values (%(gateway_id)s, %(sensor)s, %(at)s, %(person_id)s, %(after)s)
