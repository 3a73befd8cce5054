-- The walk tests of a home are over, if any went on.
update walk_test
set ended_at = %(now)s
from gateway
where gateway.id = walk_test.gateway_id and home_id = %(home_id)s and ended_at is null and expires_at > %(now)s
returning gateway_id
