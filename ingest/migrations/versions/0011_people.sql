-- Who changed whom we tell, and the figures of the last weeks.

-- What people changed on ladders, rotas and teams, each with what was before and after: append-only.
create table people_change (
    id        bigint generated always as identity primary key,
    at        timestamptz not null,
    person_id integer not null references person,   -- who did it
    home_id   integer references home,              -- of a ladder
    rota_id   integer references rota,              -- of a rota
    what      text not null check (what in (
        'step_added', 'step_changed', 'step_removed',
        'rota_added', 'shift_added', 'shift_removed', 'override_added', 'override_removed',
        'team_added', 'member_added', 'member_removed')),
    before    jsonb,                                -- null: it was not there
    after     jsonb                                 -- null: it is not there any more
);
create index people_change_by_home on people_change (home_id, id) where home_id is not null;
create index people_change_by_rota on people_change (rota_id, id) where rota_id is not null;

-- Figures read a few weeks of these out of years.
create index alert_by_opening on alert (opened_at);
create index message_by_writing on message (created_at) where alert_id is not null;
