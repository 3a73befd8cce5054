-- The second step of this home tells whoever is on duty, instead of a person.
update ladder_step set person_id = null, rota_id = %(rota)s
where step = 2 and home_id = (select id from home where name = %(home)s)
