-- Somebody about in every home: an event of each sensor every 20 minutes or so, about 50 in two
-- hours. In one home in so many nobody comes into the kitchen.
insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, value, kind)
select at, at, 0, 1, st.id, s.id, 1, case s.role when 'room' then %(motion)s else %(contact)s end
from sensor s
join stream st on st.gateway_id = s.gateway_id
cross join lateral generate_series(
    %(from)s::timestamptz + (s.id %% 1140) * interval '1 second', %(until)s, interval '20 minutes'
) at
where s.role <> 'gateway' and at < %(until)s
  and (s.home_id %% %(every_missed)s <> 0 or s.place not in ('kitchen', 'fridge'))
