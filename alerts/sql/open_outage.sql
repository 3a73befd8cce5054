-- The outage that goes on.
select id, kind, began_at, found_at, homes, heard from outage where ended_at is null
