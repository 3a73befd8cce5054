-- Keep findings, each occasion once. Returns those that are new, by their place in the arrays.
with news as (
    select *
    from unnest(
        %(homes)s::int[], %(rules)s::int[], %(versions)s::int[], %(occasions)s::text[], %(verdicts)s::text[],
        %(severities)s::text[], %(reasons)s::text[], %(deadlines)s::timestamptz[], %(evidences)b::text[]
    ) with ordinality
        as n (home_id, rule_id, rule_version, occasion, verdict, severity, reason, deadline_at, evidence, place)
), kept as (
    insert into finding
        (home_id, rule_id, rule_version, occasion, verdict, severity, reason, deadline_at, found_at, evidence)
    select home_id, rule_id, rule_version, occasion, verdict, severity, reason, deadline_at, %(now)s, evidence::jsonb
    from news
    order by place
    on conflict do nothing
    returning id, home_id, rule_id, occasion, verdict
)
select news.place::int - 1 as place, kept.id
from kept
join news using (home_id, occasion, verdict)
where kept.rule_id is not distinct from news.rule_id
order by place
