-- The config of a gateway from now on; it is to be published.
insert into gateway_config as c (gateway_id, version, made_at, body)
values (%(gateway)s, %(version)s, %(made_at)s, %(body)s)
on conflict (gateway_id) do update
set version = excluded.version, made_at = excluded.made_at, body = excluded.body, leased_until = null
