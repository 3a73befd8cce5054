-- Of these people those to whom this is not written yet, who are ours to write to now.
insert into kept_in_touch (person_id, purpose, day, at)
select person_id, %(purpose)s, day, %(now)s from unnest(%(people)s::int[], %(days)s::date[]) as pair (person_id, day)
on conflict do nothing
returning person_id
