-- One row if there is any home: then the demo's homes are there, or the database is somebody's own.
select from home limit 1
