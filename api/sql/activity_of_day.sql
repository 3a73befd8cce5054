-- Signs of life of one home between two times, an hour and place a row.
select place, hour, events, first_at, last_at
from activity_hour
where home_id = %(home_id)s and hour >= %(start)s and hour < %(end)s
order by place, hour
