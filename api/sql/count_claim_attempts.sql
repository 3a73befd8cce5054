-- Wrong codes since then: from this address, and from everywhere.
select count(*) filter (where address = %(address)s), count(*) from claim_attempt where at > %(since)s
