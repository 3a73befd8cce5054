-- The person of a phone, locked, unless this hour's codes are all sent; no row otherwise.
select person.id
from person
where person.phone = %(phone)s
  and (select count(*) from sign_in_sent where person_id = person.id and at > %(since)s) < %(most)s
for update of person
