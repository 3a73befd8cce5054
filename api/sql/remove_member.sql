-- Somebody less of a team.
delete from team_member where team_id = %(team)s and person_id = %(person)s returning to_jsonb(team_member) as before
