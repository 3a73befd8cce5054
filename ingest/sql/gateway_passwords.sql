-- The gateways that the broker lets in: name, and its form of their password.
select name, password_hash from gateway where password_hash is not null
