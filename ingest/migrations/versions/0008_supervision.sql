-- Homes where nobody is expected, and the ledger of times in which we ourselves could not see.

-- Somebody said that nobody is at home. It holds from from_at until until_at, ended_at or for ever.
create table absence (
    id        integer generated always as identity primary key,
    home_id   integer not null references home,
    kind      text not null check (kind in ('away', 'hospital')),
    from_at   timestamptz not null,
    until_at  timestamptz check (until_at > from_at),    -- null: nobody knows yet
    set_at    timestamptz not null,
    set_by    integer references person,
    ended_at  timestamptz,                               -- never earlier than from_at
    ended_why text check (ended_why in ('date', 'activity', 'person')),
    ended_by  integer references person,
    check ((ended_at is null) = (ended_why is null)),
    check (ended_at >= from_at)
);
-- One at a time: a new one ends the one before. Few homes have any, so both indexes stay tiny.
create unique index absence_one_open on absence (home_id) where ended_at is null;
create index absence_by_home on absence (home_id, ended_at);

-- When most homes fall silent together, it is us: one incident for the operator, and never a case about a home.
create table outage (
    id       integer generated always as identity primary key,
    kind     text not null check (kind in ('beats', 'signs')),  -- what stopped: all we hear, or signs of life alone
    began_at timestamptz not null,      -- when the last that was usual was heard
    found_at timestamptz not null,
    ended_at timestamptz check (ended_at >= began_at),          -- null: it goes on
    homes    integer not null,          -- homes in service when it began
    heard    integer not null           -- how many of those were heard (kind signs: stirred) when it was found
);
create unique index outage_one_open on outage ((ended_at is null)) where ended_at is null;
create index outage_by_end on outage (ended_at);

-- When all homes were last looked at together; one row. Also the claim on the next look.
create table fleet_look (
    one boolean primary key default true check (one),
    at   timestamptz not null
);
-- For that look: the sensors that stand for gateways, one of ten.
create index sensor_of_gateway on sensor (home_id, id) where role = 'gateway';

-- What devices tell about themselves, one row a sensor that told any of it. The newest word counts, not
-- the last to arrive; since when something is wrong tells one occasion from the next.
create table sensor_health (
    sensor_id      integer primary key references sensor,
    battery        real,                -- %
    battery_at     timestamptz,
    flag           boolean,             -- "battery low", as the device says it
    flag_at        timestamptz,
    low_since      timestamptz,         -- null: the battery is well
    tamper         boolean,
    tamper_at      timestamptz,
    tampered_at    timestamptz,         -- when it was last opened or taken off; stays when it is put back
    available      boolean,             -- the bridge's word
    available_at   timestamptz,
    storm_since    timestamptz,         -- it sends without end since then,
    storm_at       timestamptz          -- and did so when last looked
) with (fillfactor = 70);

-- When a sensor was last heard by its gateway, whatever it said, by the gateway's status messages.
create table sensor_check_in (
    sensor_id  integer primary key references sensor,
    heard_at   timestamptz not null,    -- by our clock
    first_at   timestamptz not null,
    longest    interval,                -- the longest it was silent in its first days, while its gateway was seen
    times      integer not null default 0   -- how often it was heard again in its first days
) with (fillfactor = 70);

-- Readings about the present that came within ten minutes of burst_from: a device that sends without end.
alter table sensor_seen add column burst integer not null default 0, add column burst_from timestamptz;

alter table gateway
    add column clock_ahead_since timestamptz,
    add column clock_behind interval,           -- how late its status messages say it is
    add column clock_behind_since timestamptz,  -- when a run of status messages began that agree on that
    add column seen_since timestamptz;          -- its status came without a gap of 15 minutes since then

-- Put in by ingest because it called for help and nobody had registered it; null: by a person.
alter table sensor add column found_at timestamptz;
create index sensor_by_finding on sensor (found_at) where found_at is not null;

-- A sensor that is moved takes its old readings along, but not the hours that were counted where it was.
alter table sensor add column moved_at timestamptz;
create function note_sensor_moved() returns trigger language plpgsql as $$
begin
    new.moved_at := now();
    return new;
end
$$;
create trigger sensor_moves before update of place on sensor
    for each row when (old.place <> new.place) execute function note_sensor_moved();

-- The last week of each home that was compared with the weeks before it.
create table week_compared (
    home_id integer primary key references home,
    week    date not null               -- its Monday
);
