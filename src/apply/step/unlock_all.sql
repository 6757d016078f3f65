-- What advisory locks the session still holds.
select pg_catalog.pg_advisory_unlock_all()
