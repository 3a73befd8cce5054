-- A code works once; answers who signed in, whose phone is proved by it.
with used as (
    delete from sign_in_code where person_id = %(person_id)s
), proved as (
    update person set verified_at = %(now)s where id = %(person_id)s and verified_at is null
)
select id, name, role from person where id = %(person_id)s
