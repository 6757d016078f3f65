-- What must be known of the server and of the history's table before anything else.
-- $1 to $5 are its tables, quoted: itself, log, runs, steps, batches. The columns of the first
-- come as "name type" in their order, types of pg_catalog without their schema and all others with
-- it, whatever search_path says; then whether the other tables are there as this version makes
-- them, and which of them have policies that hide rows from us; last, whether any of the others is
-- there at all.
select pg_catalog.pg_backend_pid(),
       pg_catalog.pg_is_in_recovery(),
       session_user,
       (select pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attname,
                   case when n.nspname operator(pg_catalog.=) 'pg_catalog'
                        then pg_catalog.regexp_replace(pg_catalog.format_type(t.oid, null), '^pg_catalog[.]', '')
                        else pg_catalog.format('%I.%I', n.nspname, t.typname) end), ',' order by a.attnum)
          from pg_catalog.pg_attribute a
          join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) a.atttypid
          join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) t.typnamespace
         where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass($1) and a.attnum operator(pg_catalog.>) 0
           and not a.attisdropped),
       (select c.relkind from pg_catalog.pg_class c where c.oid operator(pg_catalog.=) pg_catalog.to_regclass($1)),
       pg_catalog.to_regclass($3) is not null
           and exists (select from pg_catalog.pg_attribute a
                        where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass($2)
                          and a.attname operator(pg_catalog.=) 'rollback_checksum'),
       (select pg_catalog.string_agg(t.name, ', ')
          from pg_catalog.unnest(array[$1, $2, $3, $4, $5]::pg_catalog.text[]) t (name)
         where pg_catalog.row_security_active(pg_catalog.to_regclass(t.name))),
       current_user,
       exists (select from pg_catalog.pg_event_trigger t where t.evtenabled operator(pg_catalog.<>) 'D'),
       coalesce(pg_catalog.to_regclass($2), pg_catalog.to_regclass($3), pg_catalog.to_regclass($4),
                pg_catalog.to_regclass($5)) is not null
