-- When the ladder of an open alert goes on, and whom it tells then; no row where it does not. Without a later
-- step with somebody on it, the ladder starts again from its top: `again`.
with going as (
    select id, step, next_step_at
    from alert
    where id = %(alert_id)s and state = 'open' and class <> 'technical' and next_step_at is not null
), rungs as (
    select rung.step, coalesce(person.name, endpoint.name) as name, rung.step > going.step as later
    from going
    cross join lateral ladder_at(array[going.id], going.next_step_at) as rung
    left join person on person.id = rung.person_id
    left join endpoint on endpoint.id = rung.endpoint_id
    where (rung.person_id is not null or rung.endpoint_id is not null)
      and (rung.channel not in ('sms', 'voice') or person.opted_out_at is null and person.phone_refused_at is null)
), chosen as (
    select step, later from rungs group by step, later order by later desc, step limit 1
)
select
    going.next_step_at as at,
    not chosen.later as again,
    array(select distinct rungs.name from rungs where rungs.step = chosen.step order by rungs.name) as names
from going
cross join chosen
