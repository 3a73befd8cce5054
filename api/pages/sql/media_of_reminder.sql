-- The picture or the sound of a reminder of this home, if it has one.
select asset.bytes
from reminder r
join asset on asset.home_id = r.home_id and asset.hash = case when %(is_picture)s then r.picture else r.sound end
where r.id = %(reminder_id)s and r.home_id = %(home_id)s and r.deleted_at is null
