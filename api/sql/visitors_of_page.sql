-- Who comes to a home.
select id, who, schedule from visitor where home_id = %(home_id)s and deleted_at is null order by id
