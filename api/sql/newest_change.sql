-- The newest change of a home's ladder; 0 where there is none. Asked while its ladder is locked.
select coalesce(max(id), 0) from people_change where home_id = %(home_id)s
