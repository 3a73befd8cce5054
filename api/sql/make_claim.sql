-- A new code for a gateway of this home; those that were made before it work no more.
-- No row: there is no such gateway in this home.
with mine as (
    select id, name from gateway where id = %(gateway_id)s and home_id = %(home_id)s for update
), replaced as (
    update claim set expires_at = least(expires_at, %(now)s)
    from mine
    where claim.gateway_id = mine.id and used_at is null
), made as (
    insert into claim (gateway_id, finder, code_hash, made_at, made_by, expires_at)
    select id, %(finder)s, %(code_hash)s, %(now)s, %(person_id)s, %(expires_at)s from mine
)
select name from mine
