-- Whom to tell, when and by what: ladders by class and severity, rotas, teams, hand-overs, quiet
-- hours; other ways than a text; texts nobody need hurry for.

alter table person
    add column email       text,
    add column verified_at timestamptz,           -- the number was proved by a code; null: not yet
    add column asked_at    timestamptz,           -- when "still you?" was asked last
    add column quiet_from  time,                  -- hours in which what is not urgent waits
    add column quiet_until time,
    add column time_zone   text not null default 'Europe/London',
    add column deputy_id   integer references person,  -- who stands in when this person hands over
    add column good_news   text check (good_news in ('daily', 'weekly')),
    drop constraint person_role_check,
    add constraint person_role_check check (role in ('family', 'responder', 'coordinator', 'resident')),
    add constraint person_quiet_hours check ((quiet_from is null) = (quiet_until is null));

create table team (
    id   integer generated always as identity primary key,
    name text not null unique
);
create table team_member (
    team_id   integer not null references team,
    person_id integer not null references person,
    primary key (team_id, person_id)
);

-- Who is on duty, week by week in local time, and what differs from that.
create table rota (
    id        integer generated always as identity primary key,
    name      text not null unique,
    time_zone text not null default 'Europe/London'
);
create table rota_shift (
    rota_id    integer not null references rota,
    weekday    smallint not null check (weekday between 1 and 7),  -- 1: Monday, as ISO has it
    start_time time not null,
    end_time   time not null,                 -- not after start_time: it ends on the next day
    person_id  integer not null references person,
    primary key (rota_id, weekday, start_time, person_id)
);
create table rota_override (
    id        integer generated always as identity primary key,
    rota_id   integer not null references rota,
    person_id integer references person,      -- null: nobody is on duty
    from_at   timestamptz not null,
    until_at  timestamptz not null check (until_at > from_at),
    set_by    integer references person,
    set_at    timestamptz not null
);
create index rota_override_by_rota on rota_override (rota_id, until_at);

-- "My brother until Sunday 20:00".
create table hand_over (
    id           integer generated always as identity primary key,
    person_id    integer not null references person,
    to_person_id integer not null references person check (to_person_id <> person_id),
    from_at      timestamptz not null,
    until_at     timestamptz not null check (until_at > from_at),
    ended_at     timestamptz,                 -- taken back before its end
    set_at       timestamptz not null,
    channel      text not null
);
create index hand_over_by_person on hand_over (person_id, until_at);

-- An alarm receiving centre or another system, told by a signed web request.
create table endpoint (
    id     integer generated always as identity primary key,
    name   text not null unique,
    url    text not null,
    secret text not null                      -- of the Standard Webhooks signature
);

-- A step tells a person, whoever is on duty, a team, or everybody linked to the home in a role;
-- of a home, or where home_id is null of every home without steps of its own; for one class and
-- severity, or where they are null for any. The most particular group of steps is the ladder.
alter table ladder_step
    drop constraint ladder_step_pkey,
    add column id bigint generated always as identity primary key,
    add column class text check (class in ('welfare', 'urgent', 'technical')),
    add column severity text check (severity in ('urgent', 'high', 'low')),
    add column rota_id integer references rota,
    add column team_id integer references team,
    add column role text check (role in ('family', 'responder', 'coordinator', 'resident')),
    add column endpoint_id integer references endpoint,
    add column channel text not null default 'sms' check (channel in ('sms', 'voice', 'email', 'webhook')),
    alter column home_id drop not null,
    alter column person_id drop not null,
    add constraint ladder_step_tells_one check (num_nonnulls(person_id, rota_id, team_id, role, endpoint_id) = 1),
    add constraint ladder_step_webhook check ((channel = 'webhook') = (endpoint_id is not null));
create unique index ladder_step_once on ladder_step
    (home_id, class, severity, step, person_id, rota_id, team_id, role, endpoint_id, channel) nulls not distinct;
create index ladder_step_by_person on ladder_step (person_id) where person_id is not null;

-- The steps that hold for an alert: the most particular that are meant for it, or where there are none at
-- all those meant for something else, for somebody who need not have been told is better than nobody.
create view ladder_of_alert as
select alert_id, step, after_s, person_id, rota_id, team_id, role, endpoint_id, channel, home_id
from (
    select alert.id as alert_id, alert.home_id, ladder_step.step, after_s, person_id, rota_id, team_id,
        ladder_step.role, endpoint_id, channel,
        dense_rank() over (
            partition by alert.id
            order by coalesce(ladder_step.class = alert.class, true)
                    and coalesce(ladder_step.severity = alert.severity, true) desc,
                ladder_step.home_id is not null desc,
                coalesce(ladder_step.class <> 'technical', true) desc,
                ladder_step.class is not null desc, ladder_step.severity is not null desc,
                ladder_step.class desc,
                array_position(array['urgent', 'high', 'low'], ladder_step.severity)) as place
    from alert
    join ladder_step on ladder_step.home_id = alert.home_id or ladder_step.home_id is null
) as fitting
where place = 1;

-- Who is on duty at a moment. An override replaces the week's pattern while it holds.
create function on_duty(the_rota integer, at timestamptz) returns table (person_id integer)
language sql stable as $$
    with overriding as (
        select o.person_id from rota_override o where o.rota_id = the_rota and o.from_at <= at and at < o.until_at
    ), local as (
        select at at time zone rota.time_zone as now from rota where rota.id = the_rota
    )
    select o.person_id from overriding o where o.person_id is not null
    union
    select s.person_id
    from rota_shift s, local
    where s.rota_id = the_rota
      and not exists (select from overriding)
      and case
        when s.start_time < s.end_time then
            s.weekday = extract(isodow from local.now) and local.now::time >= s.start_time
            and local.now::time < s.end_time
        else
            s.weekday = extract(isodow from local.now) and local.now::time >= s.start_time
            or s.weekday = extract(isodow from local.now - interval '1 day') and local.now::time < s.end_time
        end
$$;

-- Who stands in for a person at a moment: themselves, unless they handed over, and so on to the last
-- who can be reached.
create function stands_in(the_person integer, at timestamptz) returns integer
language sql stable as $$
    with recursive chain (person_id, depth) as (
        select the_person, 0
        union all
        select h.to_person_id, depth + 1
        from chain
        cross join lateral (
            select to_person_id
            from hand_over
            where hand_over.person_id = chain.person_id and from_at <= at and at < until_at and ended_at is null
            order by set_at desc, id desc
            limit 1
        ) as h
        where depth < 5 and h.to_person_id <> the_person
    )
    select chain.person_id
    from chain join person on person.id = chain.person_id
    order by opted_out_at is null and phone_refused_at is null desc, depth desc
    limit 1
$$;

-- Everybody whom an alert's ladder tells at a moment, one row a person, step and channel; a step
-- with nobody has one row without a person.
create function ladder_at(alerts integer[], at timestamptz)
returns table (alert_id integer, step smallint, after_s integer, channel text, person_id integer, endpoint_id integer)
language sql stable as $$
    select distinct l.alert_id, l.step, l.after_s, l.channel, stands_in(who.person_id, at), l.endpoint_id
    from ladder_of_alert l
    left join lateral (
        select l.person_id where l.person_id is not null
        union all
        select d.person_id from on_duty(l.rota_id, at) d where l.rota_id is not null
        union all
        select m.person_id from team_member m where m.team_id = l.team_id
        union all
        select p.id from home_person hp join person p on p.id = hp.person_id
        where hp.home_id = l.home_id and p.role = l.role
    ) as who on true
    where l.alert_id = any(alerts)
$$;

alter table alert
    drop constraint alert_state_check,
    add constraint alert_state_check check (state in ('open', 'acknowledged', 'attending', 'explained', 'closed')),
    add column reopened smallint not null default 0;   -- how often it was opened again after it was closed
create index alert_by_home_and_close on alert (home_id, class, closed_at) where state = 'closed';

-- Up to which finding the person could see who did this.
alter table alert_event add column finding_id bigint;

alter table message
    alter column person_id drop not null,
    add column endpoint_id integer references endpoint,
    add column channel text not null default 'sms' check (channel in ('sms', 'voice', 'email', 'webhook')),
    add column provider text,                  -- which route took it: twilio, notify, smtp, ...
    drop constraint message_purpose_check,
    add constraint message_purpose_check check (purpose in (
        'alert', 'called_again', 'taken', 'explained', 'closed', 'answer', 'sign_in',
        'check_in', 'hand_over', 'verify', 'still_you', 'good_news', 'summary', 'digest', 'operator')),
    add constraint message_to_somebody check (num_nonnulls(person_id, endpoint_id) = 1);
drop index message_once;
create unique index message_once on message (alert_id, person_id, endpoint_id, purpose, step, round, again, channel)
    nulls not distinct where alert_id is not null;

-- A code that proves that a phone is this person's: it was sent there, and is typed or texted back.
create table verify_code (
    person_id  integer primary key references person,
    phone      text not null,                 -- the number it was sent to; another one is not proved by it
    code_hash  bytea not null,
    salt       bytea not null,
    expires_at timestamptz not null,
    tries_left smallint not null
);

-- "Still you?", asked of everybody on a ladder once a month; the newest time it was asked.
create table still_you (
    person_id integer primary key references person,
    asked_at  timestamptz not null,
    times     smallint not null default 1,    -- asked once, or once more a week later
    ended_at  timestamptz,                    -- answered, or given up; null: we wait
    answered  boolean not null default false
);
create index still_you_waiting on still_you (asked_at) where ended_at is null;

-- What is written to people once a day or week, each once: the claim on writing it.
create table kept_in_touch (
    person_id  integer not null references person,
    purpose    text not null check (purpose in ('good_news', 'summary', 'digest')),
    day        date not null,                 -- of the person's clock
    at         timestamptz not null,
    primary key (person_id, purpose, day)
);

-- When a number of ours may send its next text. All senders of all processes take their turns here.
create table sender_slot (
    number  text primary key,
    next_at timestamptz not null
) with (fillfactor = 50);

-- Texts of a month, counted again and again, and how many are paid for.
create table text_month (
    month      date primary key,              -- its first day, by London's clock
    budget     integer,                       -- null: as many as it takes
    sent       integer not null,
    counted_at timestamptz not null,
    nearly_at  timestamptz,                   -- when four fifths of the budget were spent
    spent_at   timestamptz                    -- when all of it was
);
create index message_by_handing_over on message (handed_over_at) where channel = 'sms';
create index inbound_by_time on inbound (received_at);

-- Whether it is one of this person's quiet hours.
create function is_quiet_for(the_person integer, at timestamptz) returns boolean
language sql stable as $$
    select coalesce(case
        when quiet_from < quiet_until then local.now >= quiet_from and local.now < quiet_until
        else local.now >= quiet_from or local.now < quiet_until
    end, false)
    from person
    cross join lateral (select (at at time zone person.time_zone)::time as now) as local
    where person.id = the_person
$$;

-- Homes that one cause can hit together: a block, a street, a mast. As people name it.
alter table home add column area text check (length(area) between 1 and 60);
create index home_by_area on home (area) where area is not null;

-- Many homes of one area fell silent together: one incident for the team, and no case about each home.
create table area_incident (
    id       integer generated always as identity primary key,
    area     text not null,
    began_at timestamptz not null,      -- when the last of them was heard
    found_at timestamptz not null,
    ended_at timestamptz check (ended_at >= began_at),          -- null: it goes on
    homes    integer not null           -- homes in service in the area when it was found
);
create unique index area_incident_one_open on area_incident (area) where ended_at is null;
create table area_incident_home (
    incident_id integer not null references area_incident,
    home_id     integer not null references home,
    primary key (incident_id, home_id)
);
create index area_incident_by_home on area_incident_home (home_id);

-- The incident that a technical alert belongs to.
alter table alert add column area_incident_id integer references area_incident;

-- Whether this person is the resident of this home: another home's resident is a neighbour like any other.
create function lives_in(the_person integer, the_home integer) returns boolean
language sql stable as $$
    select exists (
        select from person join home_person on home_person.person_id = person.id
        where person.id = the_person and person.role = 'resident' and home_person.home_id = the_home)
$$;
