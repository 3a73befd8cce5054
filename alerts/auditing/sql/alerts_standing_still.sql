-- Open alerts that no ladder carries on, though nobody has them and it was never said that nobody answered.
select count(*) as count, min(opened_at) as since
from alert
where state = 'open' and class <> 'technical' and next_step_at is null and unanswered_at is null
  and opened_at <= %(now)s - interval '1 minute'
