-- Who changed how a home is watched over, and what pages ask together.

-- People who live there. With more than one, the sensors cannot tell who it was.
alter table home add column occupants smallint not null default 1 check (occupants between 1 and 20);

-- What people changed, each with what was before and after: append-only.
create table routine_change (
    id        bigint generated always as identity primary key,
    home_id   integer not null references home,
    rule_id   integer references rule,        -- null: it is about the home itself
    version   integer,                        -- of the rule from then on
    at        timestamptz not null,
    person_id integer not null references person,
    what      text not null check (what in
        ('added', 'changed', 'accepted', 'switched_off', 'switched_on', 'occupants')),
    before    jsonb,                          -- settings; null: there was none, or it was off
    after     jsonb,                          -- settings; null: it is off
    evidence  text[] not null default '{}',   -- of an accepted suggestion: why it was made
    dry_run   jsonb                           -- and what it gave on the home's own past
);
create index routine_change_by_home on routine_change (home_id, id);

create trigger routine_change_changes_pages after insert on routine_change
    referencing new table as written for each statement execute function notify_finding();

-- One alert as lists and its own page show it: its home, who has it and the finding that opened it.
create view alert_shown as
select
    alert.id,
    alert.class as kind,
    alert.state,
    alert.reason,
    alert.deadline_at,
    alert.opened_at,
    alert.acknowledged_at,
    alert.lapses_at,
    alert.explained_at,
    alert.explained_by,
    alert.unanswered_at,
    holder.name as holder,
    home.id as home_id,
    home.name as home,
    home.resident,
    home.time_zone,
    opening.finding,
    alert.closed_at,
    alert.outcome,
    alert.holder_id
from alert
join home on home.id = alert.home_id
left join person as holder on holder.id = alert.holder_id
left join lateral (
    select to_json(finding) as finding from finding where finding.alert_id = alert.id order by finding.id limit 1
) opening on true;
