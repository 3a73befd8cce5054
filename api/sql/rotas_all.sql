-- All rotas, by name, with how many homes tell whoever is on duty (the organisation's own list counts as one).
select rota.id, rota.name, rota.time_zone,
    (select count(distinct coalesce(home_id, 0))::integer from ladder_step where ladder_step.rota_id = rota.id) as lists,
    array(
        select person.name from on_duty(rota.id, %(now)s) as duty join person on person.id = duty.person_id
        order by person.name
    ) as on_duty
from rota
order by rota.name
limit 500
