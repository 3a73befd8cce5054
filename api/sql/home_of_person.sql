-- The home, if this person is linked to it; no row otherwise.
select home.id, home.name, home.resident, home.time_zone, home.occupants, home.keeps
from home
join home_person on home_person.home_id = home.id
where home.id = %(home_id)s and home_person.person_id = %(person_id)s
