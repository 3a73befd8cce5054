-- The outbox file. Promises: what waits is in order within its rank, and deleting the
-- oldest of a rank frees whole pages (rows of one rank lie together); what has a
-- number keeps it for ever, under the boot that gave it.
create table if not exists boot (
    number integer primary key autoincrement,
    name   text not null unique
);
create table if not exists waiting (
    rank   integer not null,
    id     integer not null,
    sensor text not null,
    kind   text not null,
    value  real not null,
    at     integer not null,    -- microseconds since 1970, UTC
    primary key (rank, id)
) without rowid;
create table if not exists sent (
    boot   integer not null references boot,
    seq    integer not null,
    rank   integer not null,
    sensor text not null,
    kind   text not null,
    value  real not null,
    at     integer not null,
    primary key (boot, seq)
) without rowid;
create table if not exists counter (
    name  text primary key,
    value integer not null
) without rowid;
create table if not exists note (
    name  text primary key,
    text  text not null
) without rowid;
create table if not exists remembered (
    name  text primary key,
    value real not null
) without rowid;
