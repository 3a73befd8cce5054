-- Whom a step of a home's ladder can tell: people linked to the home, rotas, teams, systems.
select 'person' as sort, person.id, person.name, person.role
from home_person
join person on person.id = home_person.person_id
where home_person.home_id = %(home_id)s
union all
select 'rota', id, name, null from rota
union all
select 'team', id, name, null from team
order by sort, name, id
limit 500
