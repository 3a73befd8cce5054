-- Somebody more of a team.
insert into team_member (team_id, person_id)
select team.id, person.id
from team
join person on person.id = %(person)s and person.role in ('responder', 'coordinator')
where team.id = %(team)s
on conflict do nothing
returning to_jsonb(team_member) as after
