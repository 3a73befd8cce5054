-- Somebody who comes to a home on every day but Sunday.
insert into visitor (home_id, who, schedule)
select id, 'Jane, your carer', '{"times": ["11:00"], "weekdays": [1, 2, 3, 4, 5, 6]}'
from home
where name = %(home)s
