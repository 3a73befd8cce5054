-- Somebody who comes no more.
update visitor set deleted_at = %(now)s
where id = %(visitor_id)s and home_id = %(home_id)s and deleted_at is null
returning id
