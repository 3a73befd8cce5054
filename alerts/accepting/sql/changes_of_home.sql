-- What people changed in a home, newest first; of one rule where `rule` is given.
select c.rule_id, c.version, c.at, p.name as person, c.what, c.before, c.after, c.evidence, c.dry_run
from routine_change c
join person p on p.id = c.person_id
where c.home_id = %(home)s and (%(rule)s::integer is null or c.rule_id = %(rule)s)
order by c.id desc
limit %(limit)s
