-- Keep what gateways told of their devices; the same again, which the broker repeats at each connection, is no news.
with told as (
    select * from unnest(%(ids)s::int[], %(lists)s::jsonb[], %(received)s::timestamptz[]) as n (id, devices, received_at)
), other as (
    select g.id
    from gateway g
    join told on told.id = g.id and g.devices is distinct from told.devices
    order by g.id
    for update of g
), news as (
    update gateway g
    set devices = told.devices, devices_at = told.received_at
    from told
    join other using (id)
    where g.id = told.id
    returning g.home_id
)
select pg_notify('hearth_changed', home_id::text) from news
