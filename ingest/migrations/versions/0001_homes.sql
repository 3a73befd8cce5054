-- Homes, what is in them, and who may know.
-- Names and numbers live in these tables only: never in a reading, never in a log.

create table home (
    id        integer generated always as identity primary key,
    name      text not null,                  -- what people call it on the pages: "Rose Cottage"
    resident  text not null,                  -- what the pages call the person: "Peter"
    time_zone text not null default 'Europe/London'
);

create table person (
    id           integer generated always as identity primary key,
    name         text not null,
    phone        text not null unique check (phone ~ '^\+[1-9][0-9]{6,14}$'),  -- E.164
    role         text not null check (role in ('family', 'responder', 'coordinator')),
    opted_out_at timestamptz                  -- STOP was answered; the carrier refuses our texts
);

-- Who may see which home. Everybody, responders too, needs a row here.
create table home_person (
    home_id   integer not null references home,
    person_id integer not null references person,
    primary key (home_id, person_id)
);
create index home_person_by_person on home_person (person_id);

-- Whom to tell, in order. All people of one step are told at once; the next step comes
-- after_s seconds after the one before it (the first: after the alert opened).
create table ladder_step (
    home_id   integer not null references home,
    step      smallint not null check (step >= 1),
    person_id integer not null references person,
    after_s   integer not null check (after_s >= 0),
    primary key (home_id, step, person_id)
);

create table gateway (
    id          integer generated always as identity primary key,
    name        text not null unique,         -- its id on the wire, and its user name at the broker
    home_id     integer not null references home,
    online      boolean,                      -- from its status and last will; null: never heard of
    status      jsonb,                        -- the last status message
    status_at   timestamptz,                  -- when that was received
    clock_ahead interval                      -- how far its clock ran ahead when last corrected
);
create index gateway_by_home on gateway (home_id);

create table sensor (
    id         integer generated always as identity primary key,
    gateway_id integer not null references gateway,
    home_id    integer not null references home,
    name       text not null,                 -- its id on the wire
    place      text not null,                 -- "kitchen", "front door": shown to people, matched by rules
    role       text not null check (role in
        ('room', 'outside_door', 'fridge_door', 'inside_door', 'button', 'plug', 'bed', 'chair', 'alarm', 'gateway')),
    unique (gateway_id, name)
);
create index sensor_by_home on sensor (home_id);
