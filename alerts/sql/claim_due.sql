-- Claim homes that are due, the longest due first, until the transaction ends. Homes that
-- another worker has are passed over; none is judged by two. A home without consent on record is not judged.
select s.home_id, h.time_zone, s.picture
from home_state s
join home h on h.id = s.home_id
where s.due_at <= %(now)s and h.keeps
order by s.due_at
limit %(limit)s
for update of s skip locked
