-- Keep what sensors told about themselves: of each matter the newest word, whatever came last.
-- A battery is low when its device says so, or at %(low)s percent and less; and well again when the device
-- does not say so and it has %(well)s percent or never told any. 0 percent says nothing: devices on
-- a cable tell it too. Opened or taken off again within an hour is the same occasion.
with told as (
    select n.sensor_id,
        n.battery, 'epoch'::timestamptz + n.battery_at * interval '1 microsecond' as battery_at,
        n.flag, 'epoch'::timestamptz + n.flag_at * interval '1 microsecond' as flag_at,
        n.tamper, 'epoch'::timestamptz + n.tamper_at * interval '1 microsecond' as tamper_at,
        'epoch'::timestamptz + n.tampered_at * interval '1 microsecond' as tampered_at,
        n.available, 'epoch'::timestamptz + n.available_at * interval '1 microsecond' as available_at
    from unnest(%(ids)s::int[], %(batteries)s::real[], %(battery_ats)s::bigint[], %(flags)s::boolean[],
        %(flag_ats)s::bigint[], %(tampers)s::boolean[], %(tamper_ats)s::bigint[], %(tampered_ats)s::bigint[],
        %(availables)s::boolean[], %(available_ats)s::bigint[])
        as n (sensor_id, battery, battery_at, flag, flag_at, tamper, tamper_at, tampered_at, available, available_at)
), held as (
    select * from sensor_health where sensor_id = any(%(ids)s::int[]) order by sensor_id for update
), merged as (
    select t.sensor_id,
        case when t.battery_at < h.battery_at or t.battery_at is null then h.battery else t.battery end as battery,
        greatest(t.battery_at, h.battery_at) as battery_at,
        case when t.flag_at < h.flag_at or t.flag_at is null then h.flag else t.flag end as flag,
        greatest(t.flag_at, h.flag_at) as flag_at,
        h.low_since,
        case when t.tamper_at < h.tamper_at or t.tamper_at is null then h.tamper else t.tamper end as tamper,
        greatest(t.tamper_at, h.tamper_at) as tamper_at,
        case
            when h.tamper and h.tamper_at < t.tampered_at then h.tampered_at
            when t.tampered_at < h.tampered_at + interval '1 hour' then h.tampered_at
            else coalesce(t.tampered_at, h.tampered_at)
        end as tampered_at,
        case when t.available_at < h.available_at or t.available_at is null then h.available else t.available end
            as available,
        greatest(t.available_at, h.available_at) as available_at
    from told t
    left join held h using (sensor_id)
)
insert into sensor_health as h
    (sensor_id, battery, battery_at, flag, flag_at, low_since, tamper, tamper_at, tampered_at, available, available_at)
select sensor_id, battery, battery_at, flag, flag_at,
    case
        when flag or (battery > 0 and battery <= %(low)s) then coalesce(low_since, greatest(battery_at, flag_at))
        when battery is null or battery >= %(well)s then null
        else low_since
    end,
    tamper, tamper_at, tampered_at, available, available_at
from merged
order by sensor_id
on conflict (sensor_id) do update
set battery = excluded.battery, battery_at = excluded.battery_at, flag = excluded.flag, flag_at = excluded.flag_at,
    low_since = excluded.low_since, tamper = excluded.tamper, tamper_at = excluded.tamper_at,
    tampered_at = excluded.tampered_at, available = excluded.available, available_at = excluded.available_at
