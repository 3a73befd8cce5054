-- A wrong code was tried. Addresses are kept no longer than they are counted.
with forgotten as (
    delete from claim_attempt where at <= %(since)s
)
insert into claim_attempt (at, address) values (%(now)s, %(address)s)
