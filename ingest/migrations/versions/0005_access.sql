-- Signing in, and who looked at what.

create table sign_in_code (
    person_id  integer primary key references person,
    code_hash  bytea not null,
    expires_at timestamptz not null,
    tries_left smallint not null
);

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
