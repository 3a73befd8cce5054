-- Write down what was agreed to. The caller has ended what was in force before; who comes second at the
-- same moment changes nothing.
insert into consent (home_id, basis, given_by, given_on, recorded_by, recorded_at)
values (%(home_id)s, %(basis)s, %(given_by)s, %(given_on)s, %(person_id)s, %(now)s)
on conflict (home_id) where withdrawn_at is null do nothing
