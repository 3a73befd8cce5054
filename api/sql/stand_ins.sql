-- Who could stand in for somebody: people linked to the same homes, or on their ladders by name, whom texts reach.
-- Of the team: others of the team; of a family: anybody but the residents. Who shares most homes comes first.
with mine as (
    select home_id from home_person where person_id = %(person_id)s
), shared as (
    select person.id, person.name, person.role
    from person
    where person.id <> %(person_id)s
      and person.opted_out_at is null and person.phone_refused_at is null
      and (person.role in ('responder', 'coordinator') or (person.role = 'family' and not %(on_the_team)s))
      and (
          exists (select from home_person join mine using (home_id) where home_person.person_id = person.id)
          or not %(on_the_team)s
              and exists (select from ladder_step join mine using (home_id) where ladder_step.person_id = person.id))
)
select
    shared.id, shared.name, shared.role,
    case when %(on_the_team)s then null else (
        select count(*) from mine
        where not exists (
            select from home_person
            where home_person.home_id = mine.home_id and home_person.person_id = shared.id))::integer
    end as not_linked
from shared
order by not_linked nulls first, shared.name, shared.id
limit 200
