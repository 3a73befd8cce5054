-- An urgent alert in every home, just opened.
insert into alert (home_id, class, severity, reason, deadline_at, opened_at)
select id, 'urgent', 'urgent', 'call_for_help', %(now)s, %(now)s from home
returning id
