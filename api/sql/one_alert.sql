-- One alert with its home, who has it and the finding that opened it. Permission was given before.
select alert_shown.*, '[]'::json as told, '{}'::json as totals from alert_shown where id = %(alert_id)s
