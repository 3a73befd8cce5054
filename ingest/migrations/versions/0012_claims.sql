-- Gateways that set themselves up with a code, and their passwords at the broker.

alter table gateway
    add column password_hash text check (password_hash like '$7$%'),  -- as Mosquitto keeps it; null: it is not let in
    add column claimed_at timestamptz;                                -- when it last set itself up with a code

-- Codes that a coordinator made. Each works once; of a gateway only the newest works.
create table claim (
    id         integer generated always as identity primary key,
    gateway_id integer not null references gateway,
    finder     text not null,           -- its first four characters, to find it by
    code_hash  bytea not null,          -- SHA-256 of the whole code, whose 78 bits need no salt
    made_at    timestamptz not null,
    made_by    integer not null references person,
    expires_at timestamptz not null,
    used_at    timestamptz              -- null: not used
);
create index claim_by_finder on claim (finder);
create index claim_by_gateway on claim (gateway_id);

-- Codes that nobody made, of the last hour, so that nobody tries them by the thousand.
create table claim_attempt (
    at      timestamptz not null,
    address text                        -- where it came from; null: by way of a proxy of ours
);
create index claim_attempt_by_time on claim_attempt (at);

-- Whoever writes the broker's password file listens on hearth_passwords.
create function notify_passwords() returns trigger language plpgsql as $$
begin
    perform pg_notify('hearth_passwords', '');
    return null;
end
$$;
create trigger gateway_password_changes after insert or delete or update of name, password_hash on gateway
    for each statement execute function notify_passwords();
