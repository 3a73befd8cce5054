-- One change of a home's configs after the other. Does not hold up readings, which only refer to the home.
select from home where id = %(home)s for no key update
