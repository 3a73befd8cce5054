-- The ladder of each alert as it is at %(now)s, one row a person, step and channel, in the order of
-- the steps. Declined: this person said "I cannot" since the alert was last open to all. Nobody told:
-- no text of this round or the one before may have arrived, but to the resident,
-- who is asked first, unless it is urgent.
select alert.id as alert_id, alert.class as class_, alert.severity, alert.reason, alert.deadline_at,
    alert.step, alert.round, alert.repeats_left,
    rung.step as rung, coalesce(rung.after_s, 0) as after_s, rung.person_id, rung.endpoint_id, rung.channel,
    lives_in(rung.person_id, alert.home_id) as is_resident,
    case
        when rung.person_id is null and rung.endpoint_id is null then 'nobody_on_duty'
        when rung.channel in ('sms', 'voice') and person.opted_out_at is not null then 'opted_out'
        when rung.channel in ('sms', 'voice') and person.phone_refused_at is not null then 'number_wrong'
        when rung.channel = 'email' and person.email is null then 'no_email'
        when alert.class = 'urgent' and lives_in(rung.person_id, alert.home_id) then 'not_asked'
        when lives_in(rung.person_id, alert.home_id) and exists (
            select from alert_event as said
            where said.alert_id = alert.id and said.person_id = person.id
              and said.what in ('resident_well', 'resident_wants_help')
        ) then 'answered'
        when exists (
            select from alert_event as said
            where said.alert_id = alert.id and said.person_id = rung.person_id
              and said.what in ('cannot', 'given_back')
              and said.id > coalesce((
                select max(id) from alert_event as back
                where back.alert_id = alert.id and back.what in ('lapsed', 'holder_not_reached', 'reopened')), 0)
        ) then 'cannot'
    end as why_not,
    person.quiet_from, person.quiet_until, person.time_zone,
    not exists (
        select from message
        where message.alert_id = alert.id and message.purpose = 'alert' and message.round >= alert.round - 1
          and message.state not in ('failed', 'undelivered', 'cancelled')
          and not coalesce(lives_in(message.person_id, alert.home_id), false)
    ) as nobody_told, alert.unanswered_at is not null as unanswered,
    exists (
        select from ladder_of_alert as steps where steps.alert_id = alert.id and steps.rota_id is not null
    ) as has_rota,
    not exists (
        select from message
        where message.alert_id = alert.id and message.purpose = 'alert'
          and (message.person_id = rung.person_id or message.endpoint_id = rung.endpoint_id)
          and message.state not in ('failed', 'undelivered', 'cancelled')
    ) as is_new
from alert
left join ladder_at(%(alerts)s, %(now)s) as rung on rung.alert_id = alert.id
left join person on person.id = rung.person_id
where alert.id = any(%(alerts)s)
order by alert.id, rung.step, rung.person_id, rung.endpoint_id, rung.channel
