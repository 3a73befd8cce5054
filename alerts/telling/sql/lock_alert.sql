-- One alert, held until the transaction ends.
select id, class as class_, severity, state, holder_id, explained_at, reason, unanswered_at
from alert where id = %(id)s for update
