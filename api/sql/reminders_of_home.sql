-- The reminders of a home, in the order in which they were added.
select r.id, r.name, r.purpose, r.text, r.schedule, r.every_min, r.repeats, r.later_min, r.early_min, r.picture,
    r.sound, r.done_by as done_by_id, s.place as done_by, r.version
from reminder r
left join sensor s on s.id = r.done_by
where r.home_id = %(home_id)s and r.deleted_at is null
order by r.id
