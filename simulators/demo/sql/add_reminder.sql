-- A reminder on the tablet of a home, each day.
insert into reminder (home_id, gateway_id, name, purpose, text, schedule)
select home.id, gateway.id, %(name)s, %(purpose)s, %(text)s, jsonb_build_object('times', %(times)s::jsonb)
from home
join gateway on gateway.home_id = home.id
where home.name = %(home)s
returning id
