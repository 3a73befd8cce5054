-- Hold these homes against whoever judges them, in the order of ids, until the transaction ends.
select home_id from home_state where home_id = any(%(homes)s::int[]) order by home_id for update
