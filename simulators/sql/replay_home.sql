-- A home with its state and its gateway, unless an earlier replay has made them.
with made as (
    insert into home (name, resident)
    select %(name)s, %(resident)s
    where not exists (select from gateway where name = %(gateway)s)
    returning id
), state as (
    insert into home_state (home_id, due_at) select id, %(now)s from made
), agreed as (
    insert into consent (home_id, basis, given_by, given_on, recorded_at)
    select id, 'consent', 'those who published the recording', %(now)s::date, %(now)s from made
)
insert into gateway (name, home_id) select %(gateway)s, id from made
