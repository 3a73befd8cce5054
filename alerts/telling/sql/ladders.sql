-- The whole ladder of each alert's home, one row a person, in the order of the steps. Declined:
-- this person said "I cannot" since the alert was last open to all. Nobody told: no text of this
-- round or the one before may have arrived.
select alert.id as alert_id, alert.class as class_, alert.reason, alert.deadline_at,
    alert.step, alert.round, alert.repeats_left,
    ladder_step.step as rung, coalesce(ladder_step.after_s, 0) as after_s, ladder_step.person_id,
    person.opted_out_at is not null as opted_out, person.phone_refused_at is not null as number_wrong,
    exists (
        select from alert_event as said
        where said.alert_id = alert.id and said.person_id = ladder_step.person_id
          and said.what in ('cannot', 'given_back')
          and said.id > coalesce((
            select max(id) from alert_event as back
            where back.alert_id = alert.id and back.what in ('lapsed', 'holder_not_reached', 'reopened')), 0)
    ) as declined,
    not exists (
        select from message
        where message.alert_id = alert.id and message.purpose = 'alert' and message.round >= alert.round - 1
          and message.state not in ('failed', 'undelivered', 'cancelled')
    ) as nobody_told
from alert
left join ladder_step using (home_id)
left join person on person.id = ladder_step.person_id
where alert.id = any(%(alerts)s)
order by alert.id, ladder_step.step, ladder_step.person_id
