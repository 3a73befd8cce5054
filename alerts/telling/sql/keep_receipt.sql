-- Keeps one of Twilio's words about a text; no row when it said so before.
insert into receipt (provider_id, status, error_code, received_at)
values (%(sid)s, %(status)s, %(error_code)s, %(now)s)
on conflict do nothing
