-- The home of an alert, if this person is linked to it and may see alerts of its class; no row otherwise.
-- Technical alerts are the housing team's, not the family's.
select home.id, home.name, home.resident, home.time_zone, home.occupants
from alert
join home on home.id = alert.home_id
join home_person on home_person.home_id = home.id
where alert.id = %(alert_id)s
  and home_person.person_id = %(person_id)s
  and (%(on_the_team)s or alert.class <> 'technical')
