-- Takes what was answered on tablets to the question of an alert's ladder, each once: the first of "I am all
-- right" (%(fine)s) and "help" (%(help)s) while the question stood there. With the resident, where there is one alone.
with answered as (
    select c.id, c.alert_id, answer.value = %(fine)s as is_well, g.home_id
    from gateway_command c
    join gateway g on g.id = c.gateway_id
    join sensor s on s.gateway_id = c.gateway_id and s.name = %(tablet)s
    cross join lateral (
        select reading.value
        from reading
        where reading.sensor_id = s.id and reading.kind = %(kind)s and reading.value in (%(fine)s, %(help)s)
          and reading.at between c.at and c.expires_at + interval '1 minute'
        order by reading.at, reading.seq
        limit 1
    ) answer
    where c.alert_id is not null and c.answered_at is null and c.expires_at > %(now)s::timestamptz - interval '1 day'
    for update of c skip locked
), taken as (
    update gateway_command c set answered_at = %(now)s from answered where c.id = answered.id
)
select alert_id, is_well, (
    select min(person.id)
    from home_person join person on person.id = home_person.person_id
    where home_person.home_id = answered.home_id and person.role = 'resident'
    having count(*) = 1
) as resident
from answered
order by alert_id, id
