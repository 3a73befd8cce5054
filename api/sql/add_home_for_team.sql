-- A new home, due at once, which the whole team may see. Nothing is kept of it before somebody records consent.
with made as (
    insert into home (name, resident, occupants) values (%(name)s, %(resident)s, %(occupants)s) returning id
), state as (
    insert into home_state (home_id, due_at) select id, %(now)s from made
), linked as (
    insert into home_person (home_id, person_id)
    select made.id, person.id from made, person where person.role in ('responder', 'coordinator')
)
select id from made
