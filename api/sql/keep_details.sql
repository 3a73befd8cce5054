-- How somebody wants to be reached from now on.
update person
set email = %(email)s, quiet_from = %(quiet_from)s, quiet_until = %(quiet_until)s, good_news = %(good_news)s,
    deputy_id = %(deputy_id)s
where id = %(person_id)s
