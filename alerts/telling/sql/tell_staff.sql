-- A technical alert for every home on whose ladder this person is, or whose family; where one is open already
-- the reason joins it. Returns the alerts, each once.
with homes as (
    select home_id from ladder_step where person_id = %(person)s and home_id is not null
    union
    select home_id from home_person join person on person.id = person_id
    where person_id = %(person)s and person.role in ('family', 'resident')
    order by home_id
), opened as (
    insert into alert (home_id, class, severity, reason, deadline_at, opened_at)
    select home_id, 'technical', 'low', %(reason)s, %(now)s, %(now)s from homes
    on conflict (home_id, class) where state <> 'closed' do nothing
    returning id
), all_of_them as (
    select id, 'opened' as what from opened
    union all
    select alert.id, 'joined'
    from alert join homes using (home_id)
    where alert.class = 'technical' and alert.state <> 'closed'
)
insert into alert_event (alert_id, at, what, person_id, channel, note)
select id, %(now)s, what, %(person)s, 'engine', %(reason)s from all_of_them
returning alert_id
