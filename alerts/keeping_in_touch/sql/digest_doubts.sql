-- Colleagues on a rota or in a team whose phone is in doubt since %(since)s: they did not answer when asked
-- twice whether it is theirs, or said that it is not.
select person.name
from still_you
join person on person.id = still_you.person_id
where ended_at > %(since)s and ended_at <= %(now)s and not answered and person.role in ('responder', 'coordinator')
order by person.name
