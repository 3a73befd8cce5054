-- Keep the last status of each gateway, and when it heard its sensors. The broker repeats a status at each
-- connection, to each worker: the same again is no news and leaves everything as it is.
-- A run of messages that agree within a minute on how late they are began at clock_behind_since: one
-- message may be late on its way, many in a row are late by the gateway's clock. More than two minutes are
-- late, and then no more than one is right again.
-- A sensor's check-in is kept when it is four minutes newer than the one before; how long it was silent is
-- learned in its first days, over times in which its gateway was seen. While monitoring is paused no sensor
-- is heard, so that is a time unseen.
with told as (
    select *
    from unnest(%(ids)s::int[], %(online)s::boolean[], %(statuses)s::jsonb[], %(received)s::timestamptz[],
        %(behind)s::interval[]) as n (id, online, status, received_at, behind)
), was as (
    select g.id,
        case when g.clock_behind is null then interval '2 minutes' else interval '1 minute' end as tolerated
    from gateway g
    join told on told.id = g.id and g.status is distinct from told.status
    order by g.id
    for update of g
), news as (
    update gateway g
    set online = told.online, status = told.status, status_at = told.received_at,
        clock_behind = case
            when told.behind is null then g.clock_behind
            when told.behind > was.tolerated then told.behind end,
        clock_behind_since = case
            when told.behind is null then g.clock_behind_since
            when told.behind <= was.tolerated then null
            when told.behind - g.clock_behind between interval '-1 minute' and interval '1 minute'
                then g.clock_behind_since
            else told.received_at end,
        seen_since = case
            when told.received_at < g.status_at + interval '15 minutes' and g.paused_until is null
                then coalesce(g.seen_since, told.received_at)
            else told.received_at end
    from told
    join was using (id)
    where g.id = told.id
    returning g.id, g.seen_since
), heard as (
    select n.sensor_id, n.heard_at,
        case when k.heard_at >= news.seen_since and n.heard_at < k.first_at + interval '7 days'
            then n.heard_at - k.heard_at end as silent
    from unnest(%(sensors)s::int[], %(sensor_gateways)s::int[], %(heard)s::timestamptz[])
        as n (sensor_id, gateway_id, heard_at)
    join news on news.id = n.gateway_id
    left join sensor_check_in k on k.sensor_id = n.sensor_id
    where k.heard_at is null or n.heard_at > k.heard_at + interval '4 minutes'
)
insert into sensor_check_in as c (sensor_id, heard_at, first_at, longest, times)
select sensor_id, heard_at, heard_at, silent, (silent is not null)::int from heard order by sensor_id
on conflict (sensor_id) do update
set heard_at = greatest(c.heard_at, excluded.heard_at),
    longest = greatest(c.longest, excluded.longest),
    times = c.times + excluded.times
