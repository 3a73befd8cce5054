-- Where each of these alerts stands on its ladder now. Where nobody is left to tell, nobody answered.
update alert
set step = move.step, round = move.round, repeats_left = move.repeats_left, next_step_at = move.next_step_at,
    unanswered_at = case when move.unanswered then coalesce(unanswered_at, %(now)s) end
from unnest(
    %(alert)s::int[], %(step)s::smallint[], %(round)s::smallint[], %(repeats_left)s::smallint[],
    %(next_step_at)s::timestamptz[], %(unanswered)s::boolean[])
    as move (id, step, round, repeats_left, next_step_at, unanswered)
where alert.id = move.id
