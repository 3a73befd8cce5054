-- What was found and belongs to an alert, oldest first.
select to_json(finding) as finding from finding where alert_id = %(alert_id)s order by id
