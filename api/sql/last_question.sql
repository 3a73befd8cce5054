-- When the tablet was last asked to ask "are you all right?" within a day, whether it could be reached,
-- and the first answer since: 1 fine, 2 help.
select c.at, c.sent_at, c.expires_at, answer.at as answered_at, answer.value as answer
from gateway_command c
join gateway g on g.id = c.gateway_id
left join sensor s on s.gateway_id = g.id and s.name = %(tablet)s
left join lateral (
    select reading.at, reading.value
    from reading
    where reading.sensor_id = s.id and reading.kind = %(kind)s and reading.value in (1, 2)
      and reading.at between c.at and c.expires_at + interval '1 minute'
    order by reading.at, reading.seq
    limit 1
) answer on true
where g.home_id = %(home_id)s and c.command = 'ask' and c.at > %(now)s - interval '1 day'
order by c.id desc
limit 1
