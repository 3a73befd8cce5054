-- Technical alerts in the homes of these people, each opened or closed since its reader heard last.
select reader.person_id, alert_shown.home, alert_shown.time_zone, alert_shown.reason, alert_shown.finding,
    alert_shown.opened_at, alert_shown.closed_at is not null as is_closed
from unnest(%(people)s::int[], %(since)s::timestamptz[]) as reader (person_id, since)
join home_person on home_person.person_id = reader.person_id
join alert_shown on alert_shown.home_id = home_person.home_id
where alert_shown.kind = 'technical'
  and (alert_shown.opened_at > reader.since and alert_shown.opened_at <= %(now)s
       or alert_shown.closed_at > reader.since and alert_shown.closed_at <= %(now)s)
order by reader.person_id, alert_shown.closed_at is not null, alert_shown.home, alert_shown.opened_at, alert_shown.id
