-- Whom to ask today whether their phone is still theirs: everybody on a ladder, once a month, each on a
-- day of their own (the 1st to the 28th), at daytime by their clock; and once more whoever did not answer
-- for a week. Not who cannot be texted, nor who has handed over. Held until the transaction ends.
with on_ladders as (
    select person_id from ladder_step where person_id is not null
    union
    select rota_shift.person_id from rota_shift join ladder_step using (rota_id)
    union
    select team_member.person_id from team_member join ladder_step using (team_id)
    union
    select home_person.person_id
    from home_person
    join person on person.id = home_person.person_id
    join ladder_step on ladder_step.role = person.role
        and (ladder_step.home_id is null or ladder_step.home_id = home_person.home_id)
), local as (
    select person.id, person.asked_at, person.verified_at, person.time_zone,
        %(now)s::timestamptz at time zone person.time_zone as now
    from person
    join on_ladders on on_ladders.person_id = person.id
    where person.role <> 'resident' and person.opted_out_at is null and person.phone_refused_at is null
), theirs as (
    -- The newest day of theirs that has begun.
    select id, now, asked_at, verified_at, time_zone,
        date_trunc('month', now - make_interval(days => id %% 28)) + make_interval(days => id %% 28) as day
    from local
    where now::time >= '10:00' and now::time < '20:00' and not is_quiet_for(id, %(now)s)
), due as (
    select theirs.id, still_you.ended_at is null and still_you.asked_at is not null as again
    from theirs
    left join still_you on still_you.person_id = theirs.id
    where case
        when still_you.ended_at is null and still_you.asked_at is not null then
            still_you.times = 1 and still_you.asked_at <= %(now)s - interval '7 days'
        when coalesce(theirs.asked_at, verified_at) is null then day = date_trunc('day', now)
        else coalesce(theirs.asked_at, verified_at) < day at time zone time_zone
    end
)
select due.id, due.again
from due
join person on person.id = due.id
where not exists (
    select from hand_over
    where hand_over.person_id = due.id and from_at <= %(now)s and until_at > %(now)s and ended_at is null)
order by due.id
limit %(limit)s
for no key update of person skip locked
