-- Nobody else changes this home's ladder until the transaction ends.
select from home where id = %(home_id)s for update
