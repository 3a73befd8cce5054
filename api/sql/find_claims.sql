-- Codes that begin like this one; which of them it is, if any, is for the caller to compare.
select id, code_hash, expires_at, used_at from claim where finder = %(finder)s
