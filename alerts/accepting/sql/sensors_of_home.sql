-- The sensors of a home, but for the box itself.
select place, role from sensor where home_id = %(home)s and role <> 'gateway' order by place, role
