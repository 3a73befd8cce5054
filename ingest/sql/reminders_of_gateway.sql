-- The reminders that a gateway's tablet shows.
select r.id, r.purpose, r.text, r.schedule, r.every_min, r.repeats, r.later_min, r.early_min, r.picture, r.sound,
    s.name as done_by, r.sign
from reminder r
left join sensor s on s.id = r.done_by and s.gateway_id = r.gateway_id
where r.gateway_id = %(gateway)s and r.deleted_at is null
order by r.id
