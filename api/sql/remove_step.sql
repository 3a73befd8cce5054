-- One step less. Returns what it was; no row where it is gone.
delete from ladder_step where id = %(id)s and home_id = %(home_id)s returning to_jsonb(ladder_step) - 'home_id' as before
