-- What happened (reading, quarantine: append-only) and what is believed now
-- (stream, sensor_seen: small, one row a thing), with exact rollups beside the readings.

-- One gateway from one start to the next. `stored` is the set of sequence numbers that
-- are committed: it is the deduplication, the gap record and the "stored up to" in one.
create table stream (
    id               integer generated always as identity primary key,
    gateway_id       integer not null references gateway,
    boot             text not null,
    stored           int8multirange not null default '{}',
    saves            bigint not null default 0,   -- goes up with each batch; lets a reader see that more came
    unfolded_from    timestamptz,                 -- earliest reading no picture has taken in yet; null: none
    last_at          timestamptz,                 -- newest event time
    last_received_at timestamptz,
    unique (gateway_id, boot)
) with (fillfactor = 50);

-- Narrow on purpose: 64 bytes a row with its header, no text. The sensor says which home.
create table reading (
    at          timestamptz not null,   -- when it happened (corrected if the gateway's clock ran ahead)
    received_at timestamptz not null,
    sent_ms     integer not null,       -- sent_at is received_at minus this many milliseconds (clamped)
    seq         integer not null,
    stream_id   integer not null,
    sensor_id   integer not null,
    value       real not null,
    kind        smallint not null       -- number of the kind: ingest/kinds.py
);

do $$
begin
    if exists (select from pg_available_extensions where name = 'timescaledb') then
        create extension if not exists timescaledb;
        perform create_hypertable('reading', by_range('at', interval '1 day'), create_default_indexes => false);
    end if;
end
$$;

create index reading_by_sensor on reading (sensor_id, at);

create table sensor_seen (
    sensor_id        integer primary key references sensor,
    last_at          timestamptz not null,
    last_received_at timestamptz not null
) with (fillfactor = 50);

-- Signs of life per home, place and hour (kinds that a person causes; see ingest/kinds.py).
create table activity_hour (
    home_id  integer not null,
    hour     timestamptz not null,
    place    text not null,
    events   integer not null,
    first_at timestamptz not null,
    last_at  timestamptz not null,
    primary key (home_id, hour, place)
) with (fillfactor = 80);

-- Which minutes of the hour could be seen: bit 0 is minute 0. Made from beats only.
create table coverage_hour (
    home_id integer not null,
    hour    timestamptz not null,
    minutes bigint not null,
    primary key (home_id, hour)
) with (fillfactor = 80);

-- What did not fit the contract, whole, with the reason. Counted as stored, so it is not sent for ever.
create table quarantine (
    id          bigint generated always as identity primary key,
    received_at timestamptz not null,
    topic       text not null,
    reason      text not null,          -- a stable word: not_json, too_large, unknown_sensor, ...
    detail      text not null,
    payload     bytea not null          -- at most 64 KiB of it
);
create index quarantine_by_time on quarantine (received_at);
