-- Another step in place of one. Returns what it was and what it is; no row where it is gone.
with was as (
    select id, to_jsonb(ladder_step) - 'home_id' as before
    from ladder_step
    where id = %(id)s and home_id = %(home_id)s
)
update ladder_step
set class = %(kind)s, severity = %(severity)s, step = %(step)s, after_s = %(after_s)s, person_id = %(person_id)s,
    rota_id = %(rota_id)s, team_id = %(team_id)s, role = %(role)s, channel = %(channel)s
from was
where ladder_step.id = was.id
returning was.before, to_jsonb(ladder_step) - 'home_id' as after
