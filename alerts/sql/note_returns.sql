-- Write down once an alert that the home moves, or can be seen, again. Returns the alerts.
insert into alert_event (alert_id, at, what, channel, note)
select alert_id, %(now)s, what, 'engine', note
from unnest(%(alerts)s::int[], %(whats)s::text[], %(notes)s::text[]) as n (alert_id, what, note)
where not exists (select from alert_event e where e.alert_id = n.alert_id and e.what = n.what)
returning alert_id
