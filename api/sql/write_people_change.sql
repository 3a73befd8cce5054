-- Writes down who changed whom we tell, with what was before and after.
insert into people_change (at, person_id, home_id, rota_id, what, before, after)
values (%(now)s, %(person_id)s, %(home_id)s, %(rota_id)s, %(what)s, %(before)s, %(after)s)
