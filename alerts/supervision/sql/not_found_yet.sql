-- Which of these occasions are not yet findings: their places in the arrays.
select n.place::int - 1
from unnest(%(homes)s::int[], %(occasions)s::text[]) with ordinality as n (home_id, occasion, place)
where not exists (
    select from finding f
    where f.home_id = n.home_id and f.rule_id is null and f.occasion = n.occasion and f.verdict = 'not_observable')
order by n.place
