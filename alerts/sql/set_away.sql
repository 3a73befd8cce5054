-- Nobody is expected in this home. The caller has ended what was set before.
insert into absence (home_id, kind, from_at, until_at, set_at, set_by)
values (%(home)s, %(kind)s, %(from)s, %(until)s, %(now)s, %(person)s)
returning id
