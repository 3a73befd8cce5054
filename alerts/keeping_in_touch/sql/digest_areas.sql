-- Areas of which many homes cannot be seen at once, where this person is linked to one of them.
select area, count(*)::int as homes, began_at
from area_incident
join area_incident_home on incident_id = area_incident.id
where ended_at is null
  and exists (
    select from area_incident_home as mine
    join home_person using (home_id)
    where mine.incident_id = area_incident.id and home_person.person_id = %(person)s)
group by area_incident.id
order by began_at
