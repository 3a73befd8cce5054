-- A step more; no row where the same is there already. Returns its id and what it is.
insert into ladder_step as made (home_id, class, severity, step, after_s, person_id, rota_id, team_id, role, channel)
values (%(home_id)s, %(kind)s, %(severity)s, %(step)s, %(after_s)s, %(person_id)s, %(rota_id)s, %(team_id)s, %(role)s,
    %(channel)s)
on conflict do nothing
returning id, to_jsonb(made) - 'home_id' as after
