-- Every alert that is not closed in the homes this person may see (home_id null: in all of them),
-- with who has it, the finding that opened it, and who was told. One query however many there are.
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
    told.people as told
from alert
join home on home.id = alert.home_id
join home_person on home_person.home_id = home.id and home_person.person_id = %(person_id)s
left join person as holder on holder.id = alert.holder_id
left join lateral (
    select to_json(finding) as finding from finding where finding.alert_id = alert.id order by finding.id limit 1
) opening on true
left join lateral (
    select coalesce(json_agg(json_build_object('name', each.name, 'state', each.state) order by each.id), '[]') as people
    from (
        select distinct on (message.person_id) message.id, person.name, message.state
        from message
        join person on person.id = message.person_id
        where message.alert_id = alert.id and message.purpose = 'alert'
        order by message.person_id, message.id desc
    ) each
) told on true
where alert.state <> 'closed'
  and (%(on_the_team)s or alert.class <> 'technical')
  and (%(home_id)s::integer is null or home.id = %(home_id)s)
order by array_position(array['urgent', 'welfare', 'technical'], alert.class), alert.opened_at
