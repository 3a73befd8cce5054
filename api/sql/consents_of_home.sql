-- What was agreed to for a home, the newest first, with who wrote it down.
select c.id, c.basis, c.given_by, c.given_on, c.recorded_at, writer.name as recorded_by,
    c.withdrawn_by, c.withdrawn_at, ender.name as ended_by
from consent c
left join person writer on writer.id = c.recorded_by
left join person ender on ender.id = c.ended_by
where c.home_id = %(home_id)s
order by c.id desc
limit 50
