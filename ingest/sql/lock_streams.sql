-- Lock these streams until the transaction ends, in the order that everybody keeps,
-- and tell what each holds.
select id, stored::text
from stream
where id = any(%(ids)s::int[])
order by id
for update
