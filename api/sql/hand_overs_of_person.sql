-- What is handed over now, by this person or to them, the newest of each; not what was taken back.
select distinct on (hand_over.person_id)
    hand_over.person_id = %(person_id)s as mine,
    giver.name as giver,
    taker.name as taker,
    hand_over.to_person_id as taker_id,
    hand_over.until_at,
    reader.time_zone
from hand_over
join person as giver on giver.id = hand_over.person_id
join person as taker on taker.id = hand_over.to_person_id
join person as reader on reader.id = %(person_id)s
where (hand_over.person_id = %(person_id)s or hand_over.to_person_id = %(person_id)s)
  and hand_over.from_at <= %(now)s and hand_over.until_at > %(now)s and hand_over.ended_at is null
order by hand_over.person_id, hand_over.set_at desc, hand_over.id desc
