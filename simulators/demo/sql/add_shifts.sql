-- This person is on duty between these hours, every day of the week.
insert into rota_shift (rota_id, weekday, start_time, end_time, person_id)
select %(rota)s, weekday, %(start)s, %(end)s, %(person)s from generate_series(1, 7) as weekday
