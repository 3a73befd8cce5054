-- Texts out, texts in, and what became of them.

create table message (
    id             bigint generated always as identity primary key,
    alert_id       integer references alert,      -- null: not about an alert (a sign-in code)
    person_id      integer not null references person,
    purpose        text not null check (purpose in ('alert', 'taken', 'explained', 'closed', 'help', 'sign_in')),
    step           smallint not null default 0,
    round          smallint not null default 0,   -- goes up each time the alert comes back to open
    code           text,                          -- "K7": names this alert on this phone
    body           text not null,
    urgent         boolean not null,              -- an unknown fate is repeated rather than risked
    state          text not null default 'queued' check (state in
        ('queued', 'sending', 'unknown', 'handed_over', 'sent', 'delivered', 'undelivered', 'failed', 'cancelled')),
    provider_id    text unique,                   -- Twilio's SM...
    error_code     integer,
    created_at     timestamptz not null,
    next_try_at    timestamptz,                   -- queued or unknown: when to act on it
    lease_until    timestamptz,                   -- sending: whose claim it is, until then
    attempts       smallint not null default 0,
    handed_over_at timestamptz,
    ended_at       timestamptz
);
-- The same person is told the same thing once.
create unique index message_once on message (alert_id, person_id, purpose, step, round) where alert_id is not null;
create index message_to_try on message (next_try_at) where next_try_at is not null;
create index message_by_alert on message (alert_id);
create index message_codes on message (person_id, code) where code is not null;

create table message_event (
    id         bigint generated always as identity primary key,
    message_id bigint not null references message,
    at         timestamptz not null,
    state      text not null,
    source     text not null,           -- engine, receipt, poll
    error_code integer
);
create index message_event_by_message on message_event (message_id, id);

-- Texts that came in, each once, whatever Twilio repeats.
create table inbound (
    provider_id text primary key,
    received_at timestamptz not null,
    phone       text not null,
    body        text not null,
    person_id   integer references person,
    alert_id    integer references alert,
    meaning     text not null           -- take, cannot, all_well, which, too_late, stop, unknown_phone, not_understood
);
