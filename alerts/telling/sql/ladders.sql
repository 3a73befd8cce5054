-- The ladder of each alert as it is at %(now)s, one row a person, step and channel, in the order of
-- the steps. Declined: this person said "I cannot" since the alert was last open to all. Nobody told:
-- no text of this round or the one before may have arrived, but to the resident,
-- who is asked first, unless it is urgent: by a text, and on the tablet where the home's gateway has a page
-- for one and is there, also in a home of whose resident no phone is known.
with tablet as (
    select distinct on (alert.id) alert.id as alert_id, gateway.id as gateway_id
    from alert
    join gateway on gateway.home_id = alert.home_id
    where alert.id = any(%(alerts)s) and gateway.online and gateway.status_at > %(now)s - interval '15 minutes'
      and jsonb_typeof(gateway.status -> 'voice') = 'boolean'
    order by alert.id, gateway.id
), asking as (
    select tablet.alert_id, steps.step, min(steps.after_s) as after_s, tablet.gateway_id
    from tablet
    join ladder_of_alert as steps using (alert_id)
    where steps.role = 'resident' or lives_in(steps.person_id, steps.home_id)
    group by tablet.alert_id, steps.step, tablet.gateway_id
), rung as (
    select people.*, null::integer as gateway_id
    from ladder_at(%(alerts)s, %(now)s) as people
    where people.person_id is not null or people.endpoint_id is not null
       or (people.alert_id, people.step) not in (select alert_id, step from asking)
    union all
    select alert_id, step, after_s, 'tablet', null, null, gateway_id from asking
)
select alert.id as alert_id, alert.class as class_, alert.severity, alert.reason, alert.deadline_at,
    alert.step, alert.round, alert.repeats_left,
    rung.step as rung, coalesce(rung.after_s, 0) as after_s, rung.person_id, rung.endpoint_id, rung.gateway_id,
    rung.channel, asked.is_resident,
    case
        when rung.person_id is null and rung.endpoint_id is null and rung.gateway_id is null then 'nobody_on_duty'
        when rung.channel in ('sms', 'voice') and person.opted_out_at is not null then 'opted_out'
        when rung.channel in ('sms', 'voice') and person.phone_refused_at is not null then 'number_wrong'
        when rung.channel = 'email' and person.email is null then 'no_email'
        when alert.class = 'urgent' and asked.is_resident then 'not_asked'
        when asked.is_resident and exists (
            select from alert_event as said
            where said.alert_id = alert.id and said.what in ('resident_well', 'resident_wants_help')
              and (said.person_id = person.id or said.channel = 'tablet' or rung.gateway_id is not null)
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
left join rung on rung.alert_id = alert.id
left join person on person.id = rung.person_id
cross join lateral (
    select rung.gateway_id is not null or lives_in(rung.person_id, alert.home_id) as is_resident
) as asked
where alert.id = any(%(alerts)s)
order by alert.id, rung.step, rung.person_id, rung.endpoint_id, rung.channel
