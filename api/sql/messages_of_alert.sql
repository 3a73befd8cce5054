-- What was sent about an alert to people and to other systems, oldest first, each with all its states in the order they became known.
select
    message.id,
    message.purpose,
    message.step,
    message.state,
    message.error_code,
    message.created_at,
    message.channel,
    coalesce(person.name, endpoint.name) as person,
    (
        select coalesce(
            json_agg(json_build_object('state', each.state, 'at', each.at, 'error', each.error_code) order by each.id),
            '[]')
        from message_event as each
        where each.message_id = message.id
    ) as states
from message
left join person on person.id = message.person_id
left join endpoint on endpoint.id = message.endpoint_id
where message.alert_id = %(alert_id)s
order by message.id
