-- Stretches until %(until)s in which nobody is on duty whom texts reach, of rotas that stand on a ladder. Looked at
-- only where something can change: at the edges of shifts and overrides, and now.
with rotas as (
    select distinct rota.id, rota.name, rota.time_zone from rota join ladder_step on ladder_step.rota_id = rota.id
), days as (
    select day::date from generate_series(%(now)s::timestamptz - interval '2 days', %(until)s, interval '1 day') as day
), edges as (
    select rotas.id, (days.day + edge) at time zone rotas.time_zone as at
    from rotas
    join rota_shift on rota_shift.rota_id = rotas.id
    cross join days
    cross join lateral (values (start_time), (end_time)) as edges (edge)
    union
    select rota_id, edge from rota_override cross join lateral (values (from_at), (until_at)) as edges (edge)
    union
    select id, %(now)s from rotas
), stretches as (
    select id, at, lead(at, 1, %(until)s) over (partition by id order by at) as next_at
    from edges
    where at >= %(now)s and at < %(until)s
), bare as (
    select id, at, next_at, at is distinct from lag(next_at) over (partition by id order by at) as begins
    from stretches
    where not exists (
        select from on_duty(stretches.id, stretches.at) as duty
        join person on person.id = stands_in(duty.person_id, stretches.at)
        where opted_out_at is null and phone_refused_at is null)
), grouped as (
    select *, count(*) filter (where begins) over (partition by id order by at) as number from bare
)
select id as rota_id, name, min(at) as from_at, max(next_at) as until_at
from grouped join rotas using (id)
group by id, name, number
order by from_at, id
