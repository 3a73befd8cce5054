-- Pictures and sounds that no reminder of the home has any more are gone.
delete from asset
where home_id = %(home_id)s
  and not exists (
    select from reminder r where r.home_id = asset.home_id and asset.hash in (r.picture, r.sound)
  )
