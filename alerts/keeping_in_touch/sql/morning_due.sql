-- People who want to hear each morning and have not heard today, with the homes of theirs in which
-- somebody is expected. Only where nothing speaks against it at first sight: it is morning in all of these
-- homes, something stirred in each, nothing is open there, and we ourselves see. From %(after)s on, by id.
with wanted as (
    select person.id, (%(now)s::timestamptz at time zone person.time_zone)::date as day
    from person
    where good_news = 'daily' and opted_out_at is null and phone_refused_at is null and person.id > %(after)s
      and not is_quiet_for(person.id, %(now)s)
      and not exists (select from outage where ended_at is null)
), followed as (
    select wanted.id, wanted.day, home.id as home_id, count(*) over (partition by wanted.id) as homes,
        home.time_zone, %(now)s::timestamptz at time zone home.time_zone as local,
        exists (
            select from absence
            where absence.home_id = home.id and ended_at is null and from_at <= %(now)s
              and (until_at is null or until_at > %(now)s)
        ) as is_away
    from wanted
    join home_person on home_person.person_id = wanted.id
    join home on home.id = home_person.home_id and home.keeps
    where not exists (
        select from kept_in_touch as told
        where told.person_id = wanted.id and told.purpose = 'good_news' and told.day = wanted.day)
)
select id as person_id, day, homes > 1 as follows_several, array_agg(home_id order by home_id) as homes
from followed
where not is_away
group by id, day, homes
having bool_and(
    local::time >= '03:00' and local::time < '13:00'
    and not exists (
        select from alert
        where alert.home_id = followed.home_id and class <> 'technical' and state <> 'closed')
    and exists (
        select from activity_hour
        where activity_hour.home_id = followed.home_id
          and hour >= (date_trunc('day', local) + interval '3 hours') at time zone followed.time_zone
          and first_at <= %(now)s - interval '10 minutes'))
order by id
limit %(limit)s
