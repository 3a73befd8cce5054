-- What Twilio reported about a text before we knew its id for it.
select status, error_code from receipt where provider_id = %(sid)s order by received_at
