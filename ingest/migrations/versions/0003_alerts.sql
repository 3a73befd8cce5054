-- Rules, pictures, findings and alerts.

create table rule (
    id       integer generated always as identity primary key,
    home_id  integer not null references home,
    kind     text not null check (kind in ('expected_activity', 'silence', 'unusual_quiet', 'door_at_night',
                                        'night_activity', 'sensor_silent', 'unseen')),
    settings jsonb not null,            -- validated by alerts/rules.py
    version  integer not null default 1,
    enabled  boolean not null default true,
    since    timestamptz                -- what began earlier is not judged; null: it was always there
);
create index rule_by_home on rule (home_id);

-- What is believed about a home now. due_at is the deadline: workers claim due homes by it.
create table home_state (
    home_id integer primary key references home,
    picture jsonb,                      -- null: nothing folded yet
    due_at  timestamptz not null,
    eager   boolean not null default false  -- an alert is open: any reading makes the home due at once
) with (fillfactor = 70);
create index home_state_by_due on home_state (due_at);

create table alert (
    id              integer generated always as identity primary key,
    home_id         integer not null references home,
    class           text not null check (class in ('welfare', 'urgent', 'technical')),
    state           text not null default 'open' check (state in ('open', 'acknowledged', 'explained', 'closed')),
    reason          text not null,      -- of the finding that opened it
    deadline_at     timestamptz not null,   -- when the routine was due
    opened_at       timestamptz not null,   -- when we noticed
    holder_id       integer references person,  -- who has it
    acknowledged_at timestamptz,
    lapses_at       timestamptz,        -- without an outcome by then it is open again
    explained_at    timestamptz,
    explained_by    text,               -- in plain words
    closed_at       timestamptz,
    outcome         text,
    step            smallint not null default 0,  -- last ladder step that ran
    next_step_at    timestamptz         -- when the ladder goes on; null: not before something happens
);
-- One thing to deal with: further findings join the open alert of their home and class.
create unique index alert_one_open on alert (home_id, class) where state <> 'closed';
create index alert_by_next_step on alert (next_step_at) where next_step_at is not null;
create index alert_by_lapse on alert (lapses_at) where lapses_at is not null;

create table alert_event (
    id        bigint generated always as identity primary key,
    alert_id  integer not null references alert,
    at        timestamptz not null,
    what      text not null,            -- opened, joined, step, skipped, acknowledged, lapsed, explained, closed, ...
    person_id integer references person,
    channel   text,                     -- sms, page, engine
    note      text
);
create index alert_event_by_alert on alert_event (alert_id, id);

-- Every verdict that matters, once per rule and occasion.
create table finding (
    id           bigint generated always as identity primary key,
    home_id      integer not null references home,
    rule_id      integer references rule,   -- null: a call for help, which needs no rule
    rule_version integer not null,
    occasion     text not null,         -- what makes it one occasion: the day of a window, the start of a silence
    verdict      text not null,
    reason       text not null,
    deadline_at  timestamptz not null,
    found_at     timestamptz not null,
    evidence     jsonb not null,
    alert_id     integer references alert,
    unique nulls not distinct (home_id, rule_id, occasion, verdict)
);
create index finding_by_home on finding (home_id, found_at);
create index finding_by_alert on finding (alert_id);
