-- Set aside what was refused.
insert into quarantine (received_at, topic, reason, detail, payload)
select * from unnest(%(received)s::timestamptz[], %(topics)s::text[], %(reasons)s::text[], %(details)s::text[],
    %(payloads)s::bytea[])
