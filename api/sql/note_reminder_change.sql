-- Who changed what: append-only.
insert into reminder_change (home_id, reminder_id, visitor_id, at, person_id, what, after)
values (%(home_id)s, %(reminder_id)s, %(visitor_id)s, %(now)s, %(person_id)s, %(what)s, %(after)s)
