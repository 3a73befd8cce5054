-- The state of the alert's home, held until the transaction ends, as judging holds it.
select from home_state where home_id = (select home_id from alert where id = %(id)s) for update
