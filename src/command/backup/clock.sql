-- What time it is there, in seconds since 1970.
select pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())::pg_catalog.int8
