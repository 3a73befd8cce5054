-- The alert of the same home and class that is not closed.
select other.id
from alert join alert as other using (home_id, class)
where alert.id = %(id)s and other.state <> 'closed'
