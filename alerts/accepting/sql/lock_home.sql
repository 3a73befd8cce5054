-- Lets one person after the other change the routines of a home.
select id from home where id = %(home)s for no key update
