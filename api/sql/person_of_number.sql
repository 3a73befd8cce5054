-- Who has this number.
select id, name, role from person where phone = %(phone)s
