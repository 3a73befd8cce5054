-- The person's id.
insert into person (name, phone, role) values (%(name)s, %(phone)s, %(role)s) returning id
