-- Claim homes whose last whole week was not compared yet, by the Monday that each time zone is given;
-- until the transaction ends nobody else gets them, and afterwards they are done for this week.
with due as (
    select h.id as home_id, n.week
    from home h
    join unnest(%(zones)s::text[], %(weeks)s::date[]) as n (time_zone, week) using (time_zone)
    left join week_compared w on w.home_id = h.id
    where h.keeps and (w.week is null or w.week < n.week)
    order by h.id
    limit %(limit)s
)
insert into week_compared as w (home_id, week)
select home_id, week from due order by home_id
on conflict (home_id) do update set week = excluded.week where w.week < excluded.week
returning home_id, week
