-- Something new was missed after late data had explained an alert: it is open again, as a new
-- round of its ladder. Returns those that were reopened.
update alert
set state = 'open', explained_at = null, explained_by = null, step = 0, round = round + 1, repeats_left = 1
where id = any(%(alerts)s) and state = 'explained'
returning id
