-- It is shown no more, and its picture and sound are given up; what it told stays.
update reminder set deleted_at = %(now)s, picture = null, sound = null
where id = %(reminder_id)s and home_id = %(home_id)s and deleted_at is null
returning id
