-- The people linked to a home, the resident and the family first; on how many steps of its own list each stands.
select person.id, person.name, person.phone, person.role, person.verified_at is not null as verified,
    person.opted_out_at is not null as opted_out, person.phone_refused_at is not null as refused,
    (select count(*) from ladder_step where ladder_step.home_id = %(home_id)s and ladder_step.person_id = person.id)::int
        as steps
from home_person
join person on person.id = home_person.person_id
where home_person.home_id = %(home_id)s
order by array_position(array['resident', 'family', 'responder', 'coordinator'], person.role), person.name, person.id
limit 200
