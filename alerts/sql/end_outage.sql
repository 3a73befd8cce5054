-- Most homes are heard again.
update outage set ended_at = greatest(began_at, %(now)s) where id = %(id)s and ended_at is null
