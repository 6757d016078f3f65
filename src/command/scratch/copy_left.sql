-- Who is still in a database: a backend goes a moment after its client.
select pg_catalog.count(*) from pg_catalog.pg_stat_activity a
 where a.datname operator(pg_catalog.=) any ($1::pg_catalog.name[])
