-- Somebody else, or nobody, is on duty for a time.
insert into rota_override (rota_id, person_id, from_at, until_at, set_by, set_at)
select %(rota_id)s, person.id, %(from)s, %(until)s, %(by)s, %(now)s
from (values (%(person)s::integer)) as asked (id)
left join person on person.id = asked.id and person.role in ('responder', 'coordinator')
where asked.id is null or person.id is not null
returning to_jsonb(rota_override) - 'rota_id' - 'set_by' - 'set_at' as after
