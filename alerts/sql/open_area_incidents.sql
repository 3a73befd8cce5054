-- The incidents that go on, the newest first, with how many homes each has hit.
select id, area, began_at, found_at, homes,
    (select count(*) from area_incident_home where incident_id = area_incident.id) as silent
from area_incident
where ended_at is null
order by found_at desc, id desc
