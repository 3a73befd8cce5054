-- This person has their phone in their hand. A code works once.
with used as (delete from verify_code where person_id = %(person)s)
update person set verified_at = %(now)s, phone_refused_at = null where id = %(person)s
