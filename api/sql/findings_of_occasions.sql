-- What was found about these occasions when they were due.
select to_json(finding) as finding
from unnest(%(rules)s::int[], %(occasions)s::text[]) as asked (rule_id, occasion)
join finding on finding.home_id = %(home_id)s
    and finding.rule_id = asked.rule_id and finding.occasion = asked.occasion
