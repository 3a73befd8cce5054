-- A reminder on the tablet of the home's oldest gateway; no row where it has none.
insert into reminder (home_id, gateway_id, name, purpose, text, schedule, every_min, repeats, later_min, done_by, sign)
select home_id, id, %(name)s, %(purpose)s, %(text)s, %(schedule)s, %(every_min)s, %(repeats)s, %(later_min)s,
    %(done_by)s, %(sign)s
from gateway
where home_id = %(home_id)s
order by id
limit 1
returning id
