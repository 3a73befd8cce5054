-- Nobody has an explained alert any more, and its ladder does not go on.
update alert
set next_step_at = null, lapses_at = null, holder_id = null, acknowledged_at = null, unanswered_at = null
where id = any(%(alerts)s) and state = 'explained'
