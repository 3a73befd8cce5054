-- What the reminders of a home told in a stretch of time, oldest first.
select r.id, reading.at, reading.value
from reminder r
join sensor s on s.gateway_id = r.gateway_id and s.name = 'reminder-' || r.id
join reading on reading.sensor_id = s.id and reading.at between %(since)s and %(until)s
where r.home_id = %(home_id)s and r.deleted_at is null and reading.kind = %(kind)s
order by reading.at, reading.seq
