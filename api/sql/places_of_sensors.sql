-- What the sensors of a home are called, on the wire and by people.
select name, place from sensor where home_id = %(home_id)s
