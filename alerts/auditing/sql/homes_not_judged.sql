-- Homes that should have been judged five minutes ago; those that a reading woke are due a hundred
-- years before they were woken.
select count(*) as count, min(since) as since
from (
    select case when due_at < %(now)s - interval '50 years' then due_at + interval '100 years' else due_at end as since
    from home_state
    join home on home.id = home_state.home_id and home.keeps
    where due_at <= %(now)s - interval '5 minutes'
) as due
where since <= %(now)s - interval '5 minutes'
