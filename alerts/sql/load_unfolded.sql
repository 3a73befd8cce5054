-- The streams of these homes that hold readings no picture has taken in yet.
select g.home_id, s.id, s.saves, s.unfolded_from
from gateway g
join stream s on s.gateway_id = g.id
where g.home_id = any(%(homes)s) and s.unfolded_from is not null
