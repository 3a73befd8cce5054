-- Who comes to a home.
select who, schedule from visitor where home_id = %(home)s and deleted_at is null order by id
