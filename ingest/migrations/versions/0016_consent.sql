-- No data is kept for a home without a record that the resident agreed to it, or that it was decided in
-- their best interests. Records are only added; ending one is written into it, once.
create table consent (
    id            integer generated always as identity primary key,
    home_id       integer not null references home,
    basis         text not null check (basis in ('consent', 'best_interests', 'from_before')),
    given_by      text not null check (length(given_by) between 1 and 120),  -- "Peter himself", "Ann Field, attorney"
    given_on      date not null,
    recorded_by   integer references person,
    recorded_at   timestamptz not null,
    withdrawn_by  text check (length(withdrawn_by) between 1 and 120),       -- who said so
    withdrawn_at  timestamptz,
    ended_by      integer references person,                                 -- who wrote it down
    constraint consent_withdrawn check ((withdrawn_at is null) = (withdrawn_by is null))
);
create unique index consent_in_force on consent (home_id) where withdrawn_at is null;
create index consent_by_home on consent (home_id, id);

-- Whether there is one in force: what the ingest and the judges ask of many homes at once.
alter table home add column keeps boolean not null default false;
create index home_not_kept on home (id) where not keeps;

create function consent_changed() returns trigger language plpgsql as $$
begin
    update home set keeps = new.withdrawn_at is null where id = new.home_id;
    perform pg_notify('hearth_changed', new.home_id::text);
    return null;
end
$$;
create trigger consent_changed after insert or update of withdrawn_at on consent
    for each row execute function consent_changed();

-- Homes that were watched before there were records go on being watched, and say that a record is owed.
insert into consent (home_id, basis, given_by, given_on, recorded_at)
select id, 'from_before', 'not written down', current_date, now() from home;
