-- The devices of a gateway and how each is used, walk tests, and what is wrong with a gateway itself.

alter table gateway
    add column devices jsonb,            -- gateway.device_list.DeviceList, as it told it last
    add column devices_at timestamptz,
    add column beat_s smallint check (beat_s between 1 and 300);  -- seconds between beats; null: as it is set itself

-- What a person says of a sensor, for the gateway's config. What is null is as the gateway has it.
create table device_setting (
    gateway_id integer not null references gateway,
    sensor     text not null,            -- its id on the wire
    role       text check (role in ('sos', 'cancel', 'bed', 'chair', 'door', 'motion', 'plain')),
    invert     boolean,
    ignore     boolean,
    primary key (gateway_id, sensor),
    check (role is not null or invert is not null or ignore is not null)
);

-- Who changed that, and the beats: append-only, since an ignored sensor can hide what happens.
create table device_change (
    id         bigint generated always as identity primary key,
    gateway_id integer not null references gateway,
    sensor     text,                     -- null: the gateway itself
    at         timestamptz not null,
    person_id  integer not null references person,
    after      jsonb                     -- null: nothing is said any more
);
create index device_change_by_gateway on device_change (gateway_id, id);

-- Somebody walks through a home and lets each sensor speak. What the sensors say from confirmed_at until the end
-- is not taken for the resident's life. A call for help is not told as long as somebody looks at the page
-- (watched_at) and not a moment longer: a test may end by itself, a phone may lie in a pocket or the person who
-- tests may have left, and then whoever presses means it.
create table walk_test (
    id           integer generated always as identity primary key,
    gateway_id   integer not null references gateway,
    person_id    integer not null references person,
    started_at   timestamptz not null,
    expires_at   timestamptz not null check (expires_at > started_at),
    told_until   timestamptz not null check (told_until >= expires_at),  -- what the gateway was told: somewhat later,
    -- so that an alarm which outlasts the test is told again after it, whatever the clocks say
    confirmed_at timestamptz,            -- by our clock: the gateway said that it tests. null: it never did
    watched_at   timestamptz not null,   -- the page was last shown
    ended_at     timestamptz             -- by a person, or the gateway said that it does not test any more
);
create index walk_test_by_gateway on walk_test (gateway_id, expires_at);
create index walk_test_by_end on walk_test (expires_at);

-- Whether a reading is a call for help; the numbers are those of ingest/kinds.py (a test compares).
create function is_call(kind smallint, value real) returns boolean language sql immutable as $$
    select (kind = 10 and value = 2) or (kind in (11, 12, 13, 14, 28) and value = 1)
$$;

-- Whether a reading belongs to a walk test, and is not the resident's doing. Of what moves also what came a minute
-- later, on the way out. A call for help only if it happened and came while the test was on and somebody looked:
-- one that is late, or whose clock is wrong, is told rather than hidden. Never what is done at the tablet, where
-- the page tells the resident that people will hear. Beats and temperatures are nobody's doing.
create function is_of_walk_test(
    gateway integer, sensor text, kind smallint, value real, at timestamptz, received_at timestamptz
) returns boolean language sql stable as $$
    select kind not in (7, 21) and sensor <> 'tablet' and not starts_with(sensor, 'reminder-') and exists (
        select from walk_test w
        where w.gateway_id = gateway and is_of_walk_test.at >= w.confirmed_at
          and case
              when is_call(kind, value) then is_of_walk_test.received_at >= w.confirmed_at
                  and is_of_walk_test.received_at < least(w.ended_at, w.expires_at, w.watched_at + interval '30 seconds')
              else is_of_walk_test.at < least(w.ended_at, w.expires_at) + interval '1 minute'
          end
    )
$$;

-- A gateway says itself until when it tests: the end of our own command, or of another that does not count.
-- Open pages hear of each status meanwhile, since it follows every sensor. A last will says nothing.
create function note_walk_test_in_status() returns trigger language plpgsql as $$
begin
    if (new.status ->> 'online')::boolean then
        update walk_test
        set confirmed_at = coalesce(confirmed_at, new.status_at)
        where gateway_id = new.id and ended_at is null and confirmed_at is null
          and told_until = (new.status ->> 'walk_test_until')::timestamptz and expires_at > new.status_at;
        update walk_test
        set ended_at = new.status_at
        where gateway_id = new.id and ended_at is null and confirmed_at is not null and expires_at > new.status_at
          and told_until is distinct from (new.status ->> 'walk_test_until')::timestamptz;
    end if;
    perform pg_notify('hearth_changed', new.home_id::text);
    return null;
end
$$;
create trigger gateway_status_tells_walk_test after update of status on gateway
    for each row when (
        new.status is distinct from old.status
        and (new.status ? 'walk_test_until' or old.status ? 'walk_test_until' or not (old.status ->> 'online')::boolean)
    ) execute function note_walk_test_in_status();

-- What is wrong with a gateway itself, by its status, since when: one row a problem, gone when it is over.
create table gateway_problem (
    gateway_id integer not null references gateway,
    problem    text not null,            -- a word of gateway/health.py or a maker's own; clock_unset
    since      timestamptz not null,
    primary key (gateway_id, problem)
);

create function note_problems_in_status() returns trigger language plpgsql as $$
declare
    told text[] := array(select jsonb_array_elements_text(coalesce(new.status -> 'problems', '[]')))
        || case when new.status ->> 'clock' = 'unset' then array['clock_unset'] else '{}' end;
begin
    delete from gateway_problem where gateway_id = new.id and problem <> all (told);
    insert into gateway_problem (gateway_id, problem, since)
    select distinct new.id, problem, new.status_at from unnest(told) as problem
    on conflict do nothing;
    return null;
end
$$;
-- A last will says nothing about problems, and takes none back.
create trigger gateway_status_tells_problems after update of status on gateway
    for each row when (
        (new.status ->> 'online')::boolean
        and (new.status -> 'problems', new.status ->> 'clock' = 'unset')
            is distinct from (old.status -> 'problems', old.status ->> 'clock' = 'unset')
    ) execute function note_problems_in_status();
insert into gateway_problem (gateway_id, problem, since)
select distinct gateway.id, problem, status_at
from gateway, jsonb_array_elements_text(status -> 'problems') as problem
where (status ->> 'online')::boolean;
