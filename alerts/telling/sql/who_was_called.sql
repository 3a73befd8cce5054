-- Who was called about which alert, by Twilio's id of the call; none once another call has replaced it.
select message.alert_id, message.person_id, person.role = 'resident' as is_resident
from message
join person on person.id = message.person_id
where message.provider_id = %(sid)s and message.channel = 'voice' and message.alert_id is not null
