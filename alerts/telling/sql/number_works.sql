-- Who texts us has a number that takes texts: the ladder passes them by no longer.
update person set phone_refused_at = null where id = %(person)s and phone_refused_at is not null
