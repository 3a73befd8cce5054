-- Write down what happened to alerts.
insert into alert_event (alert_id, at, what, channel, note)
select alert_id, %(now)s, what, 'engine', note
from unnest(%(alerts)s::int[], %(whats)s::text[], %(notes)s::text[]) as n (alert_id, what, note)
