-- The broker handed these commands to their gateways.
update gateway_command set sent_at = %(now)s where id = any(%(ids)s)
