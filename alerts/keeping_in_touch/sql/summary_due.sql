-- People who want to hear once a week and have not heard of this one: it is Sunday evening where they live.
select person.id as person_id, (%(now)s::timestamptz at time zone person.time_zone)::date as day,
    case when %(can_mail)s then person.email end is not null as by_mail,
    array_agg(home.id order by home.id) as homes
from person
join home_person on home_person.person_id = person.id
join home on home.id = home_person.home_id and home.keeps
cross join lateral (select %(now)s::timestamptz at time zone person.time_zone as now) as local
where good_news = 'weekly'
  and extract(isodow from local.now) = 7 and local.now::time >= '18:00' and local.now::time < '21:30'
  and (%(can_mail)s and person.email is not null or opted_out_at is null and phone_refused_at is null)
  and not is_quiet_for(person.id, %(now)s)
  and not exists (
    select from kept_in_touch as told
    where told.person_id = person.id and told.purpose = 'summary' and told.day = local.now::date)
group by person.id
order by person.id
limit %(limit)s
