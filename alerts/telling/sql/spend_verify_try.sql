-- Spends one try of the code that was sent to the phone this person still has; no row when none is left or
-- it is too old.
update verify_code
set tries_left = tries_left - 1
from person
where person.id = %(person)s and verify_code.person_id = person.id and verify_code.phone = person.phone
  and tries_left > 0 and expires_at > %(now)s
returning code_hash, salt
