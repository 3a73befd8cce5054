-- A reminder as somebody wants it now; no row where it is not the version that they saw.
update reminder
set name = %(name)s, purpose = %(purpose)s, text = %(text)s, schedule = %(schedule)s, every_min = %(every_min)s,
    repeats = %(repeats)s, later_min = %(later_min)s, done_by = %(done_by)s, sign = %(sign)s, version = version + 1
where id = %(reminder_id)s and home_id = %(home_id)s and version = %(version)s and deleted_at is null
returning id
