-- The picture or the sound of a reminder.
update reminder
set picture = case when %(is_picture)s then %(hash)s else picture end,
    sound = case when %(is_picture)s then sound else %(hash)s end,
    version = version + 1
where id = %(reminder_id)s and home_id = %(home_id)s and deleted_at is null
