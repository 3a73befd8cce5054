-- How many homes the alerts service has not judged since this time, when the run began.
select count(*) from home_state where picture is null or due_at < %(since)s
