-- What a gateway is told (its config, and commands), and the reminders of a home.

-- Pictures and sounds of a home, as they go to its tablet.
create table asset (
    home_id integer not null references home,
    hash    text not null check (hash ~ '^[0-9a-f]{64}$'),       -- SHA-256
    bytes   bytea not null check (length(bytes) between 1 and 49152),
    primary key (home_id, hash)
);

create table reminder (
    id         integer generated always as identity primary key,
    home_id    integer not null references home,
    gateway_id integer not null references gateway,  -- whose tablet shows it; its sensor is `reminder-<id>`
    name       text not null,                        -- the place of that sensor: "morning tablets"
    purpose    text not null check (purpose in ('medicine', 'meal', 'drink', 'appointment', 'task')),
    text       text not null,                        -- what the tablet says
    schedule   jsonb not null,                       -- gateway.config.Schedule
    every_min  smallint not null default 5,
    repeats    smallint not null default 3,
    later_min  smallint not null default 10,
    early_min  smallint not null default 30,
    picture    text,
    sound      text,
    done_by    integer references sensor,            -- whose word answers it
    sign       text check (sign in ('opened', 'used', 'moved')),
    version    integer not null default 1,
    deleted_at timestamptz,
    foreign key (home_id, picture) references asset,
    foreign key (home_id, sound) references asset,
    check ((done_by is null) = (sign is null))
);
create index reminder_by_home on reminder (home_id) where deleted_at is null;

-- Who comes, for the tablet's page.
create table visitor (
    id         integer generated always as identity primary key,
    home_id    integer not null references home,
    who        text not null,
    schedule   jsonb not null,
    deleted_at timestamptz
);
create index visitor_by_home on visitor (home_id) where deleted_at is null;

-- Who changed what of these: append-only.
create table reminder_change (
    id          bigint generated always as identity primary key,
    home_id     integer not null references home,
    reminder_id integer references reminder,
    visitor_id  integer references visitor,
    at          timestamptz not null,
    person_id   integer not null references person,
    what        text not null check (what in ('added', 'changed', 'deleted', 'shown_now')),
    after       jsonb
);
create index reminder_change_by_home on reminder_change (home_id, id);

-- The config of each gateway: what it should have, what was published, what it has confirmed.
create table gateway_config (
    gateway_id        integer primary key references gateway,
    version           integer not null,
    made_at           timestamptz not null,
    body              text not null,                 -- gateway.config.Config as JSON
    published_version integer,
    published_at      timestamptz,
    confirmed_version integer,
    confirmed_at      timestamptz,
    missing           text[] not null default '{}',  -- pictures and sounds it asks for
    voice             boolean,                       -- whether it can speak; null: it has no page
    leased_until      timestamptz                    -- somebody is publishing it
);
create index gateway_config_to_publish on gateway_config (gateway_id)
    where published_version is distinct from version or confirmed_version is distinct from version
        or missing <> '{}';

create table gateway_command (
    id          bigint generated always as identity primary key,
    gateway_id  integer not null references gateway,
    command     text not null check (command in ('walk_test', 'end_walk_test', 'prompt', 'ask')),
    reminder_id integer references reminder,
    at          timestamptz not null,
    expires_at  timestamptz not null,
    person_id   integer references person,           -- null: the platform by itself
    sent_at     timestamptz,                         -- the broker handed it to the gateway
    leased_until timestamptz
);
create index gateway_command_to_send on gateway_command (expires_at) where sent_at is null;

-- The resident has paused monitoring until then, as the gateway said last.
alter table gateway add column paused_until timestamptz;

-- A gateway's status tells which config is in force, what is missing, and whether it is paused. A last will
-- says nothing of that, and leaves it as it was.
create function note_config_in_status() returns trigger language plpgsql as $$
begin
    if not (new.status ->> 'online')::boolean then
        return new;
    end if;
    if new.paused_until is distinct from (new.status ->> 'paused_until')::timestamptz then
        new.paused_until := (new.status ->> 'paused_until')::timestamptz;
        perform pg_notify('hearth_changed', new.home_id::text);
    end if;
    update gateway_config
    set confirmed_version = coalesce((new.status ->> 'config')::integer, confirmed_version),
        confirmed_at = case
            when (new.status ->> 'config')::integer is distinct from confirmed_version then new.status_at
            else confirmed_at end,
        missing = told.missing,
        voice = (new.status ->> 'voice')::boolean
    from (
        select coalesce(array_agg(hash), '{}') as missing
        from jsonb_array_elements_text(coalesce(new.status -> 'missing', '[]')) as hash
    ) told
    where gateway_id = new.id
      and (confirmed_version, gateway_config.missing, voice) is distinct from
          ((new.status ->> 'config')::integer, told.missing, (new.status ->> 'voice')::boolean);
    if found and jsonb_array_length(coalesce(new.status -> 'missing', '[]')) > 0 then
        perform pg_notify('hearth_config', '');
    end if;
    return new;
end
$$;
create trigger gateway_status_tells_config before update of status on gateway
    for each row when (
        new.status is distinct from old.status
        and (new.status ?| array['config', 'paused_until'] or old.paused_until is not null)
    ) execute function note_config_in_status();
