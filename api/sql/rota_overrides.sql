-- What differs from the week in the time to come.
select rota_override.id, rota_override.from_at, rota_override.until_at, rota_override.person_id, person.name as person
from rota_override
left join person on person.id = rota_override.person_id
where rota_override.rota_id = %(rota_id)s and rota_override.until_at > %(now)s
order by rota_override.from_at, rota_override.id
limit 200
