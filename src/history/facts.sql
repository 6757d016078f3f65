-- What must be known of the server and of the history's table before anything else.
-- $1 is the table, quoted; the columns come as "name type" in their order.
select pg_catalog.pg_backend_pid(),
       pg_catalog.pg_is_in_recovery(),
       session_user,
       (select pg_catalog.string_agg(a.attname operator(pg_catalog.||) ' ' operator(pg_catalog.||)
                                     pg_catalog.format_type(a.atttypid, null), ',' order by a.attnum)
          from pg_catalog.pg_attribute a
         where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass($1) and a.attnum operator(pg_catalog.>) 0
           and not a.attisdropped),
       (select c.relkind from pg_catalog.pg_class c where c.oid operator(pg_catalog.=) pg_catalog.to_regclass($1))
