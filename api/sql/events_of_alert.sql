-- What happened to an alert, oldest first.
select alert_event.at, alert_event.what, person.name as person, alert_event.channel, alert_event.note
from alert_event
left join person on person.id = alert_event.person_id
where alert_event.alert_id = %(alert_id)s
order by alert_event.id
