-- One alert with its home, who has it and the finding that opened it. Permission was given before.
select
    alert.id,
    alert.class as kind,
    alert.state,
    alert.reason,
    alert.deadline_at,
    alert.opened_at,
    alert.acknowledged_at,
    alert.lapses_at,
    alert.explained_at,
    alert.explained_by,
    alert.unanswered_at,
    holder.name as holder,
    home.id as home_id,
    home.name as home,
    home.resident,
    home.time_zone,
    opening.finding,
    '[]'::json as told,
    alert.closed_at,
    alert.outcome,
    alert.holder_id
from alert
join home on home.id = alert.home_id
left join person as holder on holder.id = alert.holder_id
left join lateral (
    select to_json(finding) as finding from finding where finding.alert_id = alert.id order by finding.id limit 1
) opening on true
where alert.id = %(alert_id)s
