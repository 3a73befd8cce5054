-- A beat every five minutes from every home.
insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, value, kind)
select at, at, 0, 1, st.id, s.id, 0, %(kind)s
from sensor s
join stream st on st.gateway_id = s.gateway_id
cross join generate_series(%(from)s::timestamptz + interval '5 minutes', %(until)s, interval '5 minutes') at
where s.role = 'gateway'
