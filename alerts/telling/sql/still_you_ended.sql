-- The answer to the question that waits for one; no row where none does.
update still_you
set ended_at = %(now)s, answered = %(answered)s
where person_id = %(person)s and ended_at is null
