-- A weekly shift; no row where the same person has one that begins then.
insert into rota_shift (rota_id, weekday, start_time, end_time, person_id)
select %(rota_id)s, %(weekday)s, %(start)s, %(end)s, person.id
from person
where person.id = %(person)s and person.role in ('responder', 'coordinator')
on conflict do nothing
returning to_jsonb(rota_shift) - 'rota_id' as after
