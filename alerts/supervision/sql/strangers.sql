-- Sensors that ingest put in because they called for help.
select home_id, id as sensor_id, name, found_at
from sensor
where found_at is not null
order by home_id, id
