-- Keeps a text that came in; no row when it was kept before. Waits for who keeps it just now.
insert into inbound (provider_id, received_at, phone, body, person_id, meaning)
values (%(sid)s, %(now)s, %(phone)s, %(body)s, %(person)s, 'not_understood')
on conflict do nothing
