-- This person is of the team.
insert into team_member (team_id, person_id) values (%(team)s, %(person)s)
