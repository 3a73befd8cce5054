-- What was found lately in these homes.
select home_id, rule_id, occasion, verdict
from finding
where home_id = any(%(homes)s) and found_at > %(since)s
