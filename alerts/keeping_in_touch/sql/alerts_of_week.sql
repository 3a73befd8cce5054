-- What families could hear of in these homes since their Monday, and what came of it, oldest first.
select alert.home_id, alert.reason, alert.opened_at, alert.state, alert.outcome, home.time_zone
from alert
join home on home.id = alert.home_id
where alert.home_id = any(%(homes)s) and class <> 'technical'
  and opened_at >= date_trunc('week', %(now)s::timestamptz at time zone home.time_zone) at time zone home.time_zone
order by opened_at, alert.id
