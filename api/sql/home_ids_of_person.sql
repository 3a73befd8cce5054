-- The homes this person may see, to choose where they land.
select home_id from home_person where person_id = %(person_id)s order by home_id limit 2
