-- What differed from the week for a time holds no longer.
delete from rota_override
where id = %(id)s and rota_id = %(rota_id)s
returning to_jsonb(rota_override) - 'rota_id' - 'set_by' - 'set_at' as before
