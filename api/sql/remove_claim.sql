-- The broker lets this gateway of this home in no more, and its open codes work no more.
-- The broker throws it out without publishing its last will, so it is taken for not connected from now on.
-- No row: there is no such gateway in this home.
with mine as (
    update gateway set password_hash = null, claimed_at = null, online = case when online then false else online end
    where id = %(gateway_id)s and home_id = %(home_id)s
    returning id
), closed as (
    update claim set expires_at = least(expires_at, %(now)s)
    from mine
    where claim.gateway_id = mine.id and used_at is null
)
select id from mine
