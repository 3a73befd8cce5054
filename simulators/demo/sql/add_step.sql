-- This person is told in this step.
insert into ladder_step (home_id, step, person_id, after_s) values (%(home)s, %(step)s, %(person)s, %(after_s)s)
