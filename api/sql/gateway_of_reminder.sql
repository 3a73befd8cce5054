-- Whose tablet shows a reminder.
select gateway_id from reminder where id = %(reminder_id)s and home_id = %(home_id)s and deleted_at is null
