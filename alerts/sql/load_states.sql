-- Homes as they are kept, without claiming them.
select h.id as home_id, h.time_zone, s.picture
from home h
left join home_state s on s.home_id = h.id
where h.id = any(%(homes)s)
order by h.id
