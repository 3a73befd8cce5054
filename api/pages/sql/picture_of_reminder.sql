-- The picture of a reminder of this home, if it has one.
select asset.bytes
from reminder r
join asset on asset.home_id = r.home_id and asset.hash = r.picture
where r.id = %(reminder_id)s and r.home_id = %(home_id)s and r.deleted_at is null
