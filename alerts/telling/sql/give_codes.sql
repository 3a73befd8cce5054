-- For each wanted (alert, person): the code it has, else a free one of %(codes)s. Where the
-- free ones run out a pair is missing from the answer.
with wanted as (
    select * from unnest(%(alerts)s::int[], %(people)s::int[]) as pair (alert_id, person_id)
), held as (
    select distinct on (alert_id, person_id) alert_id, person_id, message.code
    from message join wanted using (alert_id, person_id)
    where message.code is not null
    order by alert_id, person_id, message.id desc
), missing as (
    select alert_id, person_id, row_number() over (partition by person_id order by alert_id) as turn
    from wanted
    where (alert_id, person_id) not in (select alert_id, person_id from held)
), used as (
    select message.person_id, message.code, max(message.created_at) as last_at, bool_or(alert.state <> 'closed') as busy
    from message join alert on alert.id = message.alert_id
    where message.person_id in (select person_id from missing)
      and message.code is not null
      and message.created_at > %(now)s - interval '90 days'
    group by message.person_id, message.code
), free as (
    select person_id, choice.code,
        row_number() over (partition by person_id order by used.last_at nulls first, choice.place) as turn
    from (select distinct person_id from missing) as people
    cross join unnest(%(codes)s::text[]) with ordinality as choice (code, place)
    left join used using (person_id, code)
    where used.code is null or (used.last_at <= %(now)s - interval '24 hours' and not used.busy)
)
select alert_id, person_id, code from held
union all
select alert_id, person_id, code from missing join free using (person_id, turn)
