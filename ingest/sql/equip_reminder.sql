-- A reminder reports as a sensor of its gateway whose place is its name; the buttons of the page as "tablet".
-- Renaming a reminder moves its sensor; changes nothing where all is there.
insert into sensor as s (gateway_id, home_id, name, place, role)
select r.gateway_id, r.home_id, new.name, new.place, 'button'
from reminder r
cross join lateral (values (%(sensor)s, r.name), (%(tablet)s, 'tablet')) as new (name, place)
where r.id = %(reminder)s
on conflict (gateway_id, name) do update set place = excluded.place where s.place <> excluded.place
