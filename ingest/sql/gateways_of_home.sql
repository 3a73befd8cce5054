-- A home's gateways, its zone, how often each is to send beats, and the config that was made last for each, if any.
select gateway.id, home.time_zone, gateway.beat_s, c.version, c.made_at, c.body
from gateway
join home on home.id = gateway.home_id
left join gateway_config c on c.gateway_id = gateway.id
where gateway.home_id = %(home)s
order by gateway.id
