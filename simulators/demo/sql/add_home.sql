-- The home's id; its state is made with it and due at once.
with made as (
    insert into home (name, resident) values (%(name)s, %(resident)s) returning id
), state as (
    insert into home_state (home_id, due_at) select id, %(now)s from made
)
select id from made
