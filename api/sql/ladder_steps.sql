-- The steps of a home's own ladders and of the organisation's, one row each, with what may keep one from telling
-- anybody: `people` is how many a team or role has here.
select
    ladder_step.id,
    ladder_step.home_id is not null as own,
    ladder_step.class as kind,
    ladder_step.severity,
    ladder_step.step,
    ladder_step.after_s,
    ladder_step.channel,
    ladder_step.person_id,
    ladder_step.rota_id,
    ladder_step.team_id,
    ladder_step.role,
    ladder_step.endpoint_id,
    coalesce(person.name, rota.name, team.name, endpoint.name) as name,
    coalesce(person.opted_out_at is not null, false) as opted_out,
    coalesce(person.phone_refused_at is not null, false) as number_refused,
    coalesce(person.email is null, false) as no_email,
    person.id is not null and not exists (
        select from home_person where home_person.home_id = %(home_id)s and home_person.person_id = person.id
    ) as not_linked,
    case
        when ladder_step.team_id is not null then
            (select count(*)::integer from team_member where team_member.team_id = ladder_step.team_id)
        when ladder_step.role is not null then (
            select count(*)::integer
            from home_person
            join person as one on one.id = home_person.person_id and one.role = ladder_step.role
            where home_person.home_id = %(home_id)s)
        else 1
    end as people
from ladder_step
left join person on person.id = ladder_step.person_id
left join rota on rota.id = ladder_step.rota_id
left join team on team.id = ladder_step.team_id
left join endpoint on endpoint.id = ladder_step.endpoint_id
where ladder_step.home_id = %(home_id)s or ladder_step.home_id is null
order by own desc, kind nulls first, ladder_step.severity nulls first, ladder_step.step, ladder_step.id
