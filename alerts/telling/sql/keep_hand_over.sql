-- Somebody stands in from now on, if texts to them arrive. Returns the time zone they live by.
with able as (
    select id, time_zone from person where id = %(to)s and opted_out_at is null and phone_refused_at is null
), kept as (
    insert into hand_over (person_id, to_person_id, from_at, until_at, set_at, channel)
    select %(person)s, able.id, %(now)s, %(until)s, %(now)s, %(channel)s from able
    returning to_person_id
)
select time_zone from able join kept on kept.to_person_id = able.id
