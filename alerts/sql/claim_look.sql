-- Claim the look at all homes, unless one was taken within the last minute (or a little less: nobody
-- wakes on the second). Returns when the one before it was; the first follows on itself.
-- Whoever waits for the claim of another finds the look taken.
with was as (select at from fleet_look)
insert into fleet_look as l (at)
values (%(now)s)
on conflict (one) do update set at = excluded.at
    where excluded.at not between l.at and l.at + %(every)s * 0.9
returning coalesce((select at from was), %(now)s)
