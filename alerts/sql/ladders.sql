-- The whole ladder of each alert's home, one row a person, in the order of the steps.
select alert.id as alert_id, alert.class as class_, alert.reason, alert.deadline_at,
    alert.step, alert.round, alert.repeats_left,
    ladder_step.step as rung, coalesce(ladder_step.after_s, 0) as after_s, ladder_step.person_id,
    person.opted_out_at is not null as opted_out, person.phone_refused_at is not null as number_wrong
from alert
left join ladder_step using (home_id)
left join person on person.id = ladder_step.person_id
where alert.id = any(%(alerts)s)
order by alert.id, ladder_step.step, ladder_step.person_id
