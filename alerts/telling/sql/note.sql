-- What happened to an alert, with its newest finding, which whoever did this could see.
insert into alert_event (alert_id, at, what, person_id, channel, note, finding_id)
values (
    %(alert)s, %(now)s, %(what)s, %(person)s, %(channel)s, %(note)s,
    (select max(id) from finding where alert_id = %(alert)s)
)
