-- The home's id; its state is made with it and due at once.
with made as (
    insert into home (name, resident) values (%(name)s, %(resident)s) returning id
), state as (
    insert into home_state (home_id, due_at) select id, %(now)s from made
), agreed as (
    insert into consent (home_id, basis, given_by, given_on, recorded_at)
    select id, 'consent', %(resident)s, %(now)s::date, %(now)s from made
)
select id from made
