-- These people are asked now: for the first time this month, or once more.
with asked as (
    insert into still_you (person_id, asked_at)
    select id, %(now)s from unnest(%(people)s::int[]) as id
    on conflict (person_id) do update set
        asked_at = %(now)s,
        times = case when still_you.ended_at is null then still_you.times + 1 else 1 end,
        ended_at = null, answered = false
)
update person set asked_at = %(now)s where id = any(%(people)s)
