-- The states of all homes on whose ladder this person is, or whose family, held until the transaction ends as
-- judging holds them, and in everybody's order.
select from home_state
where home_id in (
    select home_id from ladder_step where person_id = %(person)s and home_id is not null
    union
    select home_id from home_person join person on person.id = person_id
    where person_id = %(person)s and person.role in ('family', 'resident'))
order by home_id
for update
