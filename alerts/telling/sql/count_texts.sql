-- Counts the texts of this month anew, of all numbers and routes: those handed over, and those that
-- answered a text. Returns what came to be known by this count.
with month as (
    select start, start at time zone 'Europe/London' as from_at
    from date_trunc('month', %(now)s::timestamptz at time zone 'Europe/London') as start
), counted as materialized (
    select (select count(*) from message, month
            where channel = 'sms' and handed_over_at >= month.from_at and purpose <> 'answer')
        + (select count(*) from inbound, month
           where received_at >= month.from_at and answer is not null) as sent
), before as (
    select nearly_at, spent_at from text_month where month = (select start::date from month)
)
insert into text_month (month, budget, sent, counted_at, nearly_at, spent_at)
select start::date, %(budget)s, sent, %(now)s,
    case when sent >= 0.8 * %(budget)s::integer then %(now)s::timestamptz end,
    case when sent >= %(budget)s::integer then %(now)s::timestamptz end
from month, counted
on conflict (month) do update set
    budget = excluded.budget, sent = excluded.sent, counted_at = excluded.counted_at,
    nearly_at = case when excluded.nearly_at is not null then coalesce(text_month.nearly_at, excluded.nearly_at) end,
    spent_at = case when excluded.spent_at is not null then coalesce(text_month.spent_at, excluded.spent_at) end
returning sent, budget,
    nearly_at is not null and (select nearly_at from before) is null as came_near,
    spent_at is not null and (select spent_at from before) is null as was_spent
