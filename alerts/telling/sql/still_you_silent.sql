-- Who was asked twice and has not answered for a week since.
select person_id
from still_you
where ended_at is null and times >= 2 and asked_at <= %(now)s - interval '7 days'
order by person_id
limit %(limit)s
