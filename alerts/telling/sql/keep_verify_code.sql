-- Keeps a new code for this person's phone in place of the old one, unless it was sent %(most)s within the
-- hour or takes no texts. Returns the person's id then.
insert into verify_code (person_id, phone, code_hash, salt, expires_at, tries_left)
select id, phone, %(code_hash)s, %(salt)s, %(expires_at)s, %(tries)s
from person
where id = %(person)s and opted_out_at is null
  and %(most)s > (
    select count(*) from message
    where person_id = %(person)s and purpose = 'verify' and created_at > %(now)s - interval '1 hour')
on conflict (person_id) do update set
    phone = excluded.phone, code_hash = excluded.code_hash, salt = excluded.salt, expires_at = excluded.expires_at,
    tries_left = excluded.tries_left
returning person_id
