-- Who can be on duty: the people of the housing team.
select id, name from person where role in ('responder', 'coordinator') order by name, id limit 500
