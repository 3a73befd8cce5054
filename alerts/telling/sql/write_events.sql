-- What happened on these alerts' ladders, in order.
insert into alert_event (alert_id, at, what, person_id, channel, note)
select alert_id, %(now)s, what, person_id, 'engine', note
from unnest(%(alert)s::int[], %(what)s::text[], %(person)s::int[], %(note)s::text[])
    with ordinality as event (alert_id, what, person_id, note, place)
order by place
