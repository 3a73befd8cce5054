-- Whose phone got which code.
select person.phone, message.code
from message join person on person.id = message.person_id
where message.purpose = 'alert' and message.step = 1
order by message.id
