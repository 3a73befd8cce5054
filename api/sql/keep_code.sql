-- Keeps the newest code of a person in place of the one before, and counts the sending.
with forgotten as (
    delete from sign_in_sent where person_id = %(person_id)s and at <= %(since)s
), counted as (
    insert into sign_in_sent (person_id, at) values (%(person_id)s, %(now)s)
)
insert into sign_in_code (person_id, code_hash, salt, expires_at, tries_left)
values (%(person_id)s, %(code_hash)s, %(salt)s, %(expires_at)s, %(tries)s)
on conflict (person_id) do update
set code_hash = excluded.code_hash, salt = excluded.salt,
    expires_at = excluded.expires_at, tries_left = excluded.tries_left
