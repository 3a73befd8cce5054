-- How many people live in a home.
select occupants from home where id = %(home)s
