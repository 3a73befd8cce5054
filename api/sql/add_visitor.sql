-- Somebody who comes to a home.
insert into visitor (home_id, who, schedule) values (%(home_id)s, %(who)s, %(schedule)s) returning id
