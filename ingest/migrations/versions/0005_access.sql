-- Signing in, who looked at what, and telling open pages that something changed.

create table sign_in_code (
    person_id  integer primary key references person,
    code_hash  bytea not null,
    salt       bytea not null,
    expires_at timestamptz not null,
    tries_left smallint not null
);

-- When codes were sent: so many an hour to each phone.
create table sign_in_sent (
    person_id integer not null references person,
    at        timestamptz not null
);
create index sign_in_sent_by_person on sign_in_sent (person_id, at);

create table session (
    token_hash bytea primary key,
    person_id  integer not null references person,
    expires_at timestamptz not null
);
create index session_by_person on session (person_id);

create table look (
    id        bigint generated always as identity primary key,
    at        timestamptz not null,
    person_id integer not null references person,
    home_id   integer not null references home,
    what      text not null
);
create index look_by_home on look (home_id, at);
create index look_by_person on look (person_id, home_id, what, at);

-- Pages that are open listen on hearth_changed; the payload is the home's id.
-- One notice a statement and home, however many rows it wrote.
create function notify_alert_changed() returns trigger language plpgsql as $$
begin
    perform pg_notify('hearth_changed', home_id::text)
    from (select distinct alert.home_id from written join alert on alert.id = written.alert_id) changed;
    return null;
end
$$;

create function notify_message_moved() returns trigger language plpgsql as $$
begin
    perform pg_notify('hearth_changed', home_id::text)
    from (
        select distinct alert.home_id
        from written
        join was on was.id = written.id and was.state <> written.state
        join alert on alert.id = written.alert_id
    ) changed;
    return null;
end
$$;

create function notify_finding() returns trigger language plpgsql as $$
begin
    perform pg_notify('hearth_changed', home_id::text) from (select distinct home_id from written) changed;
    return null;
end
$$;

create trigger alert_event_changes_pages after insert on alert_event
    referencing new table as written for each statement execute function notify_alert_changed();
create trigger message_changes_pages after insert on message
    referencing new table as written for each statement execute function notify_alert_changed();
create trigger message_moves_pages after update on message
    referencing old table as was new table as written for each statement execute function notify_message_moved();
create trigger finding_changes_pages after insert on finding
    referencing new table as written for each statement execute function notify_finding();
