-- Who was called about which alert, by Twilio's id of the call; none once another call has replaced it.
select message.alert_id, message.person_id, lives_in(message.person_id, alert.home_id) as is_resident
from message
join alert on alert.id = message.alert_id
where message.provider_id = %(sid)s and message.channel = 'voice' and message.alert_id is not null
