-- The time zones that homes are in.
select distinct time_zone from home
