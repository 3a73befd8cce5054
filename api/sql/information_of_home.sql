-- What was found lately in a home and is kept for information: nobody's case, by its reason or because
-- people said so of the rule. Newest first.
select to_json(finding) as finding
from finding
left join rule on rule.id = finding.rule_id
where finding.home_id = %(home_id)s
  and finding.found_at > %(since)s
  and finding.alert_id is null
  and finding.verdict = 'missed'
  and (finding.reason = any(%(reasons)s) or rule.settings ->> 'severity' = 'none')
order by finding.found_at desc, finding.id desc
limit %(limit)s
