-- One change of a gateway's settings after the other.
select from gateway where id = %(gateway_id)s for no key update
