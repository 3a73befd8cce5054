-- Spends one try of the code sent to this phone; no row when there is none left or it is too old.
update sign_in_code
set tries_left = tries_left - 1
from person
where person.phone = %(phone)s
  and sign_in_code.person_id = person.id
  and sign_in_code.tries_left > 0
  and sign_in_code.expires_at > %(now)s
returning sign_in_code.person_id, sign_in_code.code_hash, sign_in_code.salt
