-- Every rule of a home, those that are off too, in the order they were made.
select id, version, kind, settings::text as settings, enabled, since from rule where home_id = %(home)s order by id
