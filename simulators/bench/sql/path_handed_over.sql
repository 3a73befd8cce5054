-- When Twilio had accepted the first text about an alert of this gateway's home.
select message.handed_over_at
from gateway
join alert on alert.home_id = gateway.home_id and alert.class = 'urgent'
join message on message.alert_id = alert.id and message.purpose = 'alert'
where gateway.name = %(gateway)s and message.handed_over_at is not null
