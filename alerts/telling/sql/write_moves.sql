-- Where each of these alerts stands on its ladder now. Without a next time nobody answered.
update alert
set step = move.step, round = move.round, repeats_left = move.repeats_left, next_step_at = move.next_step_at,
    unanswered_at = case when move.next_step_at is null then %(now)s::timestamptz end
from unnest(
    %(alert)s::int[], %(step)s::smallint[], %(round)s::smallint[], %(repeats_left)s::smallint[],
    %(next_step_at)s::timestamptz[]) as move (id, step, round, repeats_left, next_step_at)
where alert.id = move.id
