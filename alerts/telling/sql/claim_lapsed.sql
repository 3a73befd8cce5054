-- Alerts that were taken and have no outcome in time; held until the transaction ends.
select id from alert
where lapses_at <= %(now)s and state in ('acknowledged', 'attending')
order by lapses_at
limit %(limit)s
for update skip locked
