-- Use a code up, once: the gateway has the new password from now on. No row: somebody was quicker.
with used as (
    update claim set used_at = %(now)s
    where id = %(claim_id)s and used_at is null and expires_at > %(now)s
    returning gateway_id
)
update gateway set password_hash = %(password_hash)s, claimed_at = %(now)s
from used
where gateway.id = used.gateway_id
returning gateway.name
