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
