-- Lease some configs to publish: new ones, and those that a gateway which is there has not confirmed for long.
update gateway_config c
set leased_until = %(until)s
from gateway g
where g.id = c.gateway_id
  and c.gateway_id in (
    select due.gateway_id
    from gateway_config due
    join gateway on gateway.id = due.gateway_id
    where (due.leased_until is null or due.leased_until <= %(now)s)
      and (due.published_version is distinct from due.version
        or (due.confirmed_version is distinct from due.version and gateway.online
            and due.published_at < %(now)s - interval '10 minutes'))
    order by due.gateway_id
    limit %(most)s
    for update of due skip locked
  )
returning c.gateway_id, g.name, c.body, c.version
