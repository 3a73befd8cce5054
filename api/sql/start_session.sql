-- Opens a session, and forgets this person's sessions that are over.
with forgotten as (
    delete from session where person_id = %(person_id)s and expires_at < %(expires_at)s::timestamptz - interval '60 days'
)
insert into session (token_hash, person_id, expires_at) values (%(token_hash)s, %(person_id)s, %(expires_at)s)
