-- A weekly shift less.
delete from rota_shift
where rota_id = %(rota_id)s and weekday = %(weekday)s and start_time = %(start)s and person_id = %(person)s
returning to_jsonb(rota_shift) - 'rota_id' as before
