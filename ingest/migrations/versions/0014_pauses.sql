-- For how long residents paused monitoring, and what the tablet was asked about an alert.

-- Each pause that a gateway told of: rows are added and ended, and never taken away, so that it can be said
-- later why a time could not be seen. It is over at the earlier of its two ends; how long it may count at
-- most is for alerts/pauses.py to say, not for whoever sent it.
create table pause (
    id         integer generated always as identity primary key,
    home_id    integer not null references home,
    gateway_id integer not null references gateway,
    from_at    timestamptz not null,
    until_at   timestamptz not null,          -- as the resident chose
    ended_at   timestamptz,                   -- the gateway said so; null: it has not
    check (until_at > from_at and ended_at >= from_at),
    unique (gateway_id, from_at)              -- a status may come twice
);
create index pause_by_home on pause (home_id, from_at);
create index pause_by_end on pause (until_at);
create unique index pause_one_open on pause (gateway_id) where ended_at is null;

-- A status is made and sent at once, so it tells when the pause began or ended; nothing that it says lies
-- ahead of when it came. One that was longer on its way than the pause lasted still leaves a row.
create function note_pause_in_status() returns trigger language plpgsql as $$
declare
    said_at timestamptz := least(coalesce((new.status ->> 'at')::timestamptz, new.status_at), new.status_at);
begin
    update pause
    set ended_at = greatest(from_at, least(said_at, until_at))
    where gateway_id = new.id and ended_at is null;
    insert into pause (home_id, gateway_id, from_at, until_at)
    select new.home_id, new.id, said_at, new.paused_until
    where new.paused_until > said_at
    on conflict (gateway_id, from_at) do nothing;
    return null;
end
$$;
create trigger gateway_status_tells_pause after update of status on gateway
    for each row when (new.paused_until is distinct from old.paused_until) execute function note_pause_in_status();

-- Homes that could not be heard in this stretch because the resident had paused monitoring.
create function paused_homes(since timestamptz, until timestamptz) returns table (home_id integer)
language sql stable as $$
    select pause.home_id
    from pause
    where from_at < until and from_at > since - interval '31 hours'
      and until_at > since and coalesce(ended_at, 'infinity') > since
$$;

-- The question "are you all right?" that an alert's ladder put to the tablet, and when its answer was taken in.
alter table gateway_command
    add column alert_id integer references alert,
    add column answered_at timestamptz;
create index gateway_command_to_answer on gateway_command (expires_at)
    where alert_id is not null and answered_at is null;

-- Where a gateway tells that it has a page for a tablet, the buttons of that page are a sensor of its own from
-- then on, so that the first press that matters is not that of a stranger.
create function note_page_in_status() returns trigger language plpgsql as $$
begin
    insert into sensor (gateway_id, home_id, name, place, role)
    values (new.id, new.home_id, 'tablet', 'tablet', 'button')
    on conflict (gateway_id, name) do nothing;
    return null;
end
$$;
create trigger gateway_status_tells_page after update of status on gateway
    for each row when (
        jsonb_typeof(new.status -> 'voice') = 'boolean'
        and jsonb_typeof(old.status -> 'voice') is distinct from 'boolean'
    ) execute function note_page_in_status();
