-- What this person handed over is theirs again from now on.
update hand_over
set ended_at = %(now)s
where person_id = %(person)s and until_at > %(now)s and ended_at is null
