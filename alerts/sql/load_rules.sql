-- The rules in force of these homes.
select home_id, id, version, settings::text as settings, since
from rule
where home_id = any(%(homes)s) and enabled
order by home_id, id
