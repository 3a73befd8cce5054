-- The probe's home with its gateway, door, person and ladder; no row where its gateway is there already.
with home as (
    insert into home (name, resident)
    select 'Probe', 'nobody' where not exists (select from gateway where name = %(gateway)s)
    returning id
), state as (
    insert into home_state (home_id, due_at) select id, %(now)s from home
), agreed as (
    insert into consent (home_id, basis, given_by, given_on, recorded_at)
    select id, 'consent', 'nobody lives there', %(now)s::date, %(now)s from home
), gateway as (
    insert into gateway (name, home_id) select %(gateway)s, id from home returning id, home_id
), sensors as (
    insert into sensor (gateway_id, home_id, name, place, role)
    select id, home_id, name, place, role
    from gateway
    cross join (values (%(door)s, 'probe door', 'outside_door'), (%(own)s, 'gateway', 'gateway')) as s (name, place, role)
), person as (
    insert into person (name, phone, role) select 'Probe', %(phone)s, 'family' from home returning id
), link as (
    insert into home_person (home_id, person_id) select home.id, person.id from home, person
), step as (
    insert into ladder_step (home_id, step, person_id, after_s) select home.id, 1, person.id, 0 from home, person
)
select id from home
