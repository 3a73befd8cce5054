-- How often a gateway is to send beats. No row where it is to do so already.
update gateway set beat_s = %(beat_s)s::smallint
where id = %(gateway_id)s and beat_s is distinct from %(beat_s)s::smallint
returning id
