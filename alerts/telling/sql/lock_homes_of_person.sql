-- The states of all homes on whose ladder this person is, held until the transaction ends as
-- judging holds them, and in everybody's order.
select from home_state
where home_id in (select home_id from ladder_step where person_id = %(person)s)
order by home_id
for update
