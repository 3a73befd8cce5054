-- Gateways whose clocks are wrong for ten minutes at least: ahead by what they sent, or behind by a run of
-- status messages that agree; with how many gateways are seen at all.
select home_id, id as gateway_id,
    clock_ahead as ahead, clock_ahead_since as ahead_since, clock_behind as behind, clock_behind_since as behind_since,
    (select count(*) from gateway where status_at >= %(now)s - interval '15 minutes') as seen
from gateway
where clock_ahead_since <= %(now)s - interval '10 minutes'
   or (clock_behind_since <= status_at - interval '10 minutes' and status_at >= %(now)s - interval '15 minutes')
order by home_id, id
