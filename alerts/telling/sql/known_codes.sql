-- The codes that this person's phone has, newest first: of alerts that are not closed, and
-- of those it was told about in the last week; of a late answer, what was told before it was sent. A code that was given anew means the newer.
select alert_id, code, state, holder_id from (
    select distinct on (message.code) message.alert_id, message.code, alert.state, alert.holder_id, message.id as newest
    from message join alert on alert.id = message.alert_id
    where message.person_id = %(person)s
      and message.code is not null
      and message.created_at > %(now)s - interval '90 days'
      and (%(sent_at)s::timestamptz is null or message.created_at <= %(sent_at)s)
      and (alert.state <> 'closed' or message.created_at > %(now)s - interval '7 days')
    order by message.code, message.id desc
) as known
order by newest desc
