-- Texts out, texts in, and what became of them; and what the ladder must remember.

alter table person add column phone_refused_at timestamptz;  -- this number cannot take texts; the ladder passes by

alter table alert
    add column round smallint not null default 0,         -- goes up each time the ladder starts again or the alert comes back
    add column repeats_left smallint not null default 1,  -- how often the ladder may still start again from the top
    add column unanswered_at timestamptz;                 -- the whole ladder was told and nobody took it

create table message (
    id             bigint generated always as identity primary key,
    alert_id       integer references alert,      -- null: not about an alert (a sign-in code, an answer)
    person_id      integer not null references person,
    purpose        text not null check (purpose in ('alert', 'taken', 'explained', 'closed', 'answer', 'sign_in')),
    step           smallint not null default 0,
    round          smallint not null default 0,   -- the alert's round when it was written
    again          boolean not null default false,  -- a second try at a handset that was off
    code           text,                          -- "K7": names this alert on this phone
    body           text not null,
    urgent         boolean not null,              -- goes first, and an unknown fate is repeated rather than risked
    turn           integer not null default 1,    -- its place among its home's texts when written: homes take turns
    state          text not null default 'queued' check (state in
        ('queued', 'sending', 'unknown', 'handed_over', 'sent', 'delivered', 'undelivered', 'failed', 'cancelled')),
    provider_id    text unique,                   -- Twilio's SM...
    error_code     integer,
    created_at     timestamptz not null,
    -- When to act on it next. queued: send it. sending: the claim on it runs out. unknown: look it
    -- up at Twilio. handed_over, sent: ask Twilio what became of it. null: nothing left to do.
    next_try_at    timestamptz,
    attempts       smallint not null default 0,
    handed_over_at timestamptz,
    ended_at       timestamptz
);
-- The same person is told the same thing once.
create unique index message_once on message (alert_id, person_id, purpose, step, round, again) where alert_id is not null;
create index message_to_send on message (urgent desc, turn, next_try_at) where state = 'queued';
create index message_to_look_up on message (next_try_at) where state <> 'queued' and next_try_at is not null;
create index message_by_person on message (person_id, created_at);

create table message_event (
    id         bigint generated always as identity primary key,
    message_id bigint not null references message,
    at         timestamptz not null,
    state      text not null,
    source     text not null,           -- engine, receipt, poll
    error_code integer
);
create index message_event_by_message on message_event (message_id, id);

-- What Twilio reported about a text of ours, each word once. It may come before we have
-- written down Twilio's id, so it does not refer to the message.
create table receipt (
    provider_id text not null,
    status      text not null,          -- Twilio's word
    error_code  integer,
    received_at timestamptz not null,
    primary key (provider_id, status)
);

-- Texts that came in, each once, whatever Twilio repeats.
create table inbound (
    provider_id text primary key,
    received_at timestamptz not null,
    phone       text not null,
    body        text not null,
    person_id   integer references person,
    alert_id    integer references alert,
    meaning     text not null,          -- alerts/replies.py, Meaning
    answer      text                    -- what we answered; a repeat is answered with the same
);
