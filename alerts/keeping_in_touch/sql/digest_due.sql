-- Staff with an e-mail address to whom nothing was written yet today, though it is the hour; and since when
-- things are news to them.
select person.id as person_id, local.now::date as day, person.time_zone,
    coalesce(
        (select max(at) from kept_in_touch as told where told.person_id = person.id and told.purpose = 'digest'),
        %(now)s - interval '1 day') as since
from person
cross join lateral (select %(now)s::timestamptz at time zone person.time_zone as now) as local
where role in ('responder', 'coordinator') and email is not null
  and local.now::time >= %(at)s::time and local.now < local.now::date + %(at)s::time + interval '4 hours'
  and not exists (
    select from kept_in_touch as told
    where told.person_id = person.id and told.purpose = 'digest' and told.day = local.now::date)
order by person.id
limit %(limit)s
