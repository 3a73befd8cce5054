-- So many homes, each with a gateway, a stream, a picture that many share, and a person to tell.
with made as (
    insert into home (name, resident)
    select 'Load ' || n, 'Nobody' from generate_series(1, %(homes)s) n
    returning id
), agreed as (
    insert into consent (home_id, basis, given_by, given_on, recorded_at)
    select id, 'consent', 'nobody', '2026-01-01', now() from made
), states as (
    insert into home_state (home_id, picture, due_at)
    select id, (%(pictures)s::jsonb[])[1 + id %% cardinality(%(pictures)s::jsonb[])], 'infinity' from made
), people as (
    insert into person (name, phone, role)
    select 'Carer ' || n, '+447' || lpad(n::text, 9, '0'), 'family' from generate_series(1, %(homes)s) n
    returning id
), linked as (
    insert into ladder_step (home_id, step, person_id, after_s)
    select made.id, 1, people.id, 0 from made join people on people.id = made.id
), gateways as (
    insert into gateway (name, home_id) select 'load-' || id, id from made returning id
)
insert into stream (gateway_id, boot, saves) select id, 'b1', 1 from gateways
