-- What was missed in these alerts.
select alert_id, rule_id, rule_version, found_at
from finding
where alert_id = any(%(alerts)s) and verdict = 'missed'
