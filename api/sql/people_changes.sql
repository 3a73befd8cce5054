-- The newest changes of a home's ladder or of a rota, with the names that the ids in them stand for.
select
    change.id, change.at, person.name as person, change.what, change.before, change.after,
    (select name from person as told where told.id = (coalesce(change.before, change.after) ->> 'person_id')::integer)
        as person_before,
    (select name from person as told where told.id = (coalesce(change.after, change.before) ->> 'person_id')::integer)
        as person_after,
    (select name from rota where rota.id = (coalesce(change.before, change.after) ->> 'rota_id')::integer) as rota_before,
    (select name from rota where rota.id = (coalesce(change.after, change.before) ->> 'rota_id')::integer) as rota_after,
    (select name from team where team.id = (coalesce(change.before, change.after) ->> 'team_id')::integer) as team_before,
    (select name from team where team.id = (coalesce(change.after, change.before) ->> 'team_id')::integer) as team_after
from people_change as change
join person on person.id = change.person_id
where change.home_id = %(home_id)s or change.rota_id = %(rota_id)s
order by change.id desc
limit %(limit)s
