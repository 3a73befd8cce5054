-- What somebody set about how we reach them.
select phone, verified_at is not null as verified, opted_out_at is not null as opted_out, email,
    quiet_from, quiet_until, good_news, deputy_id, time_zone
from person
where id = %(person_id)s
