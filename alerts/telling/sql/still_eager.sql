-- Whether another alert of the home keeps every reading of it interesting.
update home_state
set eager = exists (select from alert where alert.home_id = home_state.home_id and alert.state <> 'closed')
where home_id = (select home_id from alert where id = %(id)s)
