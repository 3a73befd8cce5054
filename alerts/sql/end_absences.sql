-- These absences ended by themselves. One that a person ended meanwhile stays as it is.
update absence a
set ended_at = greatest(a.from_at, n.at), ended_why = n.why
from unnest(%(ids)s::int[], %(ats)s::timestamptz[], %(whys)s::text[]) as n (id, at, why)
where a.id = n.id and a.ended_at is null
