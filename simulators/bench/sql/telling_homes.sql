-- Homes with a family of their own each, and one responder on every second step.
with made as (
    insert into home (name, resident) select 'Home', 'Resident' from generate_series(1, %(homes)s) returning id
), numbered as (
    select id, row_number() over (order by id) as number from made
), family as (
    insert into person (name, phone, role)
    select 'Family', '+4477010' || lpad(number::text, 5, '0'), 'family' from numbered
    returning id, right(phone, 5)::int as number
), responder as (
    insert into person (name, phone, role) values ('Responder', '+447701100000', 'responder') returning id
), agreed as (
    insert into consent (home_id, basis, given_by, given_on, recorded_at)
    select id, 'consent', 'nobody', '2026-01-01', now() from made
), states as (
    insert into home_state (home_id, due_at) select id, 'infinity' from made
), linked as (
    insert into home_person select numbered.id, family.id from numbered join family using (number)
    union all
    select numbered.id, responder.id from numbered, responder
)
insert into ladder_step (home_id, step, person_id, after_s)
select numbered.id, 1, family.id, 0 from numbered join family using (number)
union all
select numbered.id, 2, responder.id, 600 from numbered, responder
