-- Whose session this is, if it has not ended.
select person.id, person.name, person.role, session.expires_at
from session
join person on person.id = session.person_id
where session.token_hash = %(token_hash)s and session.expires_at > %(now)s
