-- All teams, by name, with who is in them.
select team.id, team.name,
    coalesce(
        json_agg(json_build_object('id', person.id, 'name', person.name) order by person.name)
            filter (where person.id is not null), '[]') as members
from team
left join team_member on team_member.team_id = team.id
left join person on person.id = team_member.person_id
group by team.id
order by team.name
limit 500
