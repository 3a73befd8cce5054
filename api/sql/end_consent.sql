-- End the record in force of a home; no row where there is none.
update consent
set withdrawn_at = %(now)s, withdrawn_by = %(by)s, ended_by = %(person_id)s
where home_id = %(home_id)s and withdrawn_at is null
returning id
