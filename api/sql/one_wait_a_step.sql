-- All who are told in one step are told at the same time.
update ladder_step
set after_s = %(after_s)s
where home_id = %(home_id)s and step = %(step)s and class is not distinct from %(kind)s
  and severity is not distinct from %(severity)s and after_s <> %(after_s)s
