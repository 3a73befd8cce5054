-- Whoever started the walk tests of a home has the page open. Once away for too long, calls for help are real ones
-- until the next test: what was told as a call must not become a trial because somebody came back.
update walk_test
set watched_at = %(now)s
from gateway
where gateway.id = walk_test.gateway_id and home_id = %(home_id)s and person_id = %(person_id)s
  and ended_at is null and expires_at > %(now)s and watched_at < %(now)s
  and watched_at > %(now)s - interval '30 seconds'
