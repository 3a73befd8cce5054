-- Writes down that a person looked at these homes, unless the same look is younger than `again_after`.
insert into look (at, person_id, home_id, what)
select %(now)s, %(person_id)s, seen.home_id, %(what)s
from unnest(%(home_ids)s::integer[]) as seen (home_id)
where not exists (
    select from look
    where look.person_id = %(person_id)s
      and look.home_id = seen.home_id
      and look.what = %(what)s
      and look.at > %(now)s::timestamptz - %(again_after)s::interval
)
