-- A new number, which has to be proved anew; whoever was signed in with the old one is signed out.
with ended as (
    delete from session where person_id = %(person_id)s
)
update person
set phone = %(phone)s, verified_at = null, opted_out_at = null, phone_refused_at = null
where id = %(person_id)s
