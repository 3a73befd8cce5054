-- Something further was found that everybody has to hear of: its ladder starts from the top, as a
-- new round. Where a reason or a severity is given, that is what they are told.
update alert
set state = %(state)s, reason = coalesce(%(reason)s, reason), deadline_at = coalesce(%(deadline_at)s, deadline_at),
    severity = coalesce(%(severity)s, severity),
    reopened = reopened + (state = 'closed')::int, closed_at = null, outcome = null,
    explained_at = null, explained_by = null, holder_id = null, acknowledged_at = null, lapses_at = null,
    unanswered_at = null, step = 0, round = round + 1, repeats_left = 1
where id = %(id)s
