-- A command for a gateway.
insert into gateway_command (gateway_id, command, reminder_id, at, expires_at, person_id, alert_id)
values (%(gateway)s, %(command)s, %(reminder)s, %(now)s, %(expires_at)s, %(person)s, %(alert)s)
returning id
