-- Lease commands that are not sent and not too late. One that finds its gateway away is tried again soon.
update gateway_command c
set leased_until = %(now)s + interval '2 seconds'
from gateway g
where g.id = c.gateway_id
  and c.id in (
    select id from gateway_command
    where sent_at is null and expires_at > %(now)s and (leased_until is null or leased_until <= %(now)s)
    order by id
    limit %(most)s
    for update skip locked
  )
returning c.id, g.name, c.command, c.reminder_id, c.at, c.expires_at
