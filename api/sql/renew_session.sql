-- Moves the end of a session that is in use.
update session set expires_at = %(expires_at)s where token_hash = %(token_hash)s
