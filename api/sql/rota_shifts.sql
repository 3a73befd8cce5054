-- The weekly shifts of a rota, Monday first.
select rota_shift.weekday, rota_shift.start_time, rota_shift.end_time, person.id as person_id, person.name as person
from rota_shift
join person on person.id = rota_shift.person_id
where rota_shift.rota_id = %(rota_id)s
order by rota_shift.weekday, rota_shift.start_time, person.name
