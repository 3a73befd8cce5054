-- Writes down who changed what, when, and what was before.
insert into routine_change (home_id, rule_id, version, at, person_id, what, before, after, evidence, dry_run)
values (%(home)s, %(rule)s, %(version)s, %(now)s, %(person)s, %(what)s, %(before)s, %(after)s, %(evidence)s, %(dry_run)s)
