-- How far a home is set up: one row.
select home.keeps,
    (select count(*) from home_person join person on person.id = person_id
        where home_person.home_id = home.id and person.role = 'family')::int as family,
    exists (select from ladder_step where ladder_step.home_id = home.id or ladder_step.home_id is null) as tells,
    (select count(*) from gateway where gateway.home_id = home.id)::int as gateways,
    exists (select from gateway where gateway.home_id = home.id and status_at is not null) as heard,
    (select count(*) from sensor where sensor.home_id = home.id and sensor.role <> 'gateway')::int as sensors,
    exists (
        select from walk_test join gateway on gateway.id = walk_test.gateway_id
        where gateway.home_id = home.id and walk_test.confirmed_at is not null
    ) as walked,
    (select count(*) from rule where rule.home_id = home.id and rule.enabled)::int as rules
from home
where home.id = %(home_id)s
