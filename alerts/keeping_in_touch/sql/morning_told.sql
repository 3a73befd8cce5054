-- Who of these people is told now, once a day each; nobody of whose homes an alert was opened meanwhile.
insert into kept_in_touch (person_id, purpose, day, at)
select pair.person_id, 'good_news', pair.day, %(now)s
from unnest(%(people)s::int[], %(days)s::date[]) as pair (person_id, day)
where not exists (
    select from home_person
    join alert on alert.home_id = home_person.home_id
    where home_person.person_id = pair.person_id and alert.class <> 'technical' and alert.state <> 'closed')
on conflict do nothing
returning person_id
