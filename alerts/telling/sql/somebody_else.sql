-- Whether anybody else on the ladder of this alert can be asked, and has not said "I cannot".
select 1
from alert
join ladder_at(array[%(id)s::int], %(now)s) as ladder on ladder.alert_id = alert.id
left join person on person.id = ladder.person_id
where alert.id = %(id)s
  and (ladder.person_id is not null or ladder.endpoint_id is not null)
  and person.id is distinct from %(person)s
  and not coalesce(lives_in(person.id, alert.home_id), false)
  and person.opted_out_at is null and person.phone_refused_at is null
  and not exists (
    select from alert_event as said
    where said.alert_id = alert.id and said.person_id = person.id and said.what in ('cannot', 'given_back')
      and said.id > coalesce((
        select max(id) from alert_event as back
        where back.alert_id = alert.id and back.what in ('lapsed', 'holder_not_reached', 'reopened')), 0))
limit 1
