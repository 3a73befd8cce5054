-- The alert of this text, if the text told who has it of a further call for help.
select alert.id
from message join alert on alert.id = message.alert_id
where message.id = %(message)s
  and message.purpose = 'called_again'
  and alert.state in ('acknowledged', 'attending')
  and alert.holder_id = %(person)s
