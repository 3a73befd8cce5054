-- These streams hold nothing that no picture has taken in, unless more was saved meanwhile.
-- A stream that is being saved to is passed over: what comes makes it unfolded anyway.
with folded as (
    select s.id
    from stream s
    join unnest(%(ids)s::int[], %(saves)s::bigint[]) as n (id, saves) on s.id = n.id and s.saves = n.saves
    order by s.id
    for update of s skip locked
)
update stream set unfolded_from = null where id in (select id from folded)
