-- Open alerts whose next step is due, the longest due first; held until the transaction ends.
select id from alert
where next_step_at <= %(now)s and state = 'open'
order by next_step_at
limit %(limit)s
for update skip locked
