-- One row while the session is open: which of the changed homes (null: of all) its person may see.
select coalesce(array_agg(home_person.home_id) filter (where home_person.home_id is not null), '{}') as home_ids
from session
left join home_person on home_person.person_id = session.person_id
    and (%(changed)s::integer[] is null or home_person.home_id = any(%(changed)s))
where session.token_hash = %(token_hash)s and session.expires_at > %(now)s
group by session.token_hash
