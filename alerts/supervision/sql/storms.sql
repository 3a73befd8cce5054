-- Note which sensors send without end just now, and give them with the time since when: those that their
-- gateway calls faulty, and those with %(most)s readings within ten minutes, which no resident causes
-- (a motion sensor says something once a minute). A plug may tell its power as often as it likes.
-- An hour's rest in between ends an occasion.
with wild as (
    select sensor_id, bool_or(faulty) as faulty
    from (
        select s.id as sensor_id, true as faulty
        from gateway g
        cross join lateral jsonb_array_elements_text(g.status -> 'faulty') as told (name)
        join sensor s on s.gateway_id = g.id and s.name = told.name
        where g.online and g.status_at >= %(now)s - interval '15 minutes'
        union all
        select n.sensor_id, false
        from sensor_seen n
        join sensor s on s.id = n.sensor_id
        where n.burst >= %(most)s and n.burst_from >= %(now)s - interval '20 minutes'
          and s.role not in ('plug', 'gateway')
    ) found
    group by sensor_id
), noted as (
    insert into sensor_health as h (sensor_id, storm_since, storm_at)
    select sensor_id, %(now)s, %(now)s from wild order by sensor_id
    on conflict (sensor_id) do update
    set storm_since = case
            when h.storm_at > excluded.storm_at - interval '1 hour' then h.storm_since
            else excluded.storm_since end,
        storm_at = excluded.storm_at
    returning h.sensor_id, h.storm_since
)
select s.home_id, s.id as sensor_id, s.place, s.role, noted.storm_since as since, wild.faulty
from noted
join wild using (sensor_id)
join sensor s on s.id = noted.sensor_id
order by s.home_id, s.id
