-- A code works once; answers who signed in.
with used as (delete from sign_in_code where person_id = %(person_id)s)
select id, name, role from person where id = %(person_id)s
