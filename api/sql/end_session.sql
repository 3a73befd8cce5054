-- Ends one session.
delete from session where token_hash = %(token_hash)s
