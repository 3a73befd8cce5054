-- How many people live in a home. Returns how many were known to, if that is another number.
update home set occupants = %(occupants)s
from (select id, occupants from home where id = %(home)s) was
where home.id = was.id and was.occupants <> %(occupants)s
returning was.occupants
