-- The gateway that shows a home's reminders (the oldest of its own) and which config it has.
select g.id, g.online, g.paused_until, c.version, c.confirmed_version, c.confirmed_at, c.voice,
    coalesce(cardinality(c.missing), 0) as missing
from gateway g
left join gateway_config c on c.gateway_id = g.id
where g.home_id = %(home_id)s
order by g.id
limit 1
