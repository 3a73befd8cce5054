-- Who looked at a home, a line a person, local day and page; newest first.
select
    person.name as person,
    person.role,
    look.what,
    min(look.at) as first_at,
    max(look.at) as last_at,
    count(*)::integer as times
from look
join person on person.id = look.person_id
where look.home_id = %(home_id)s
group by person.id, look.what, (look.at at time zone %(zone)s)::date
order by last_at desc, look.what
limit %(limit)s
