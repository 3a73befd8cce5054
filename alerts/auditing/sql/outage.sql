-- Most homes fell silent together, and it goes on.
select count(*) as count, min(began_at) as since from outage where ended_at is null
