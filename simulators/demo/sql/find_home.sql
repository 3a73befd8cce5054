-- A home by its name.
select id from home where name = %(home)s
