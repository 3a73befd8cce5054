-- Good news that is not out yet, to people with an alert open in a home of theirs: no longer true.
with waiting as (
    select id from message
    where purpose = 'good_news' and state = 'queued'
      and exists (
        select from home_person
        join alert on alert.home_id = home_person.home_id
        where home_person.person_id = message.person_id and alert.class <> 'technical' and alert.state <> 'closed')
    for update skip locked
), stopped as (
    update message
    set state = 'cancelled', ended_at = %(now)s, next_try_at = null
    from waiting
    where message.id = waiting.id
    returning message.id
)
insert into message_event (message_id, at, state, source)
select id, %(now)s, 'cancelled', 'engine' from stopped
