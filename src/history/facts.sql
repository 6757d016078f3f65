-- What must be known of the server and of the history's tables before anything else.
-- $1 to $5 are the tables, quoted: the history itself, log, runs, steps, batches. Of each, in this order and
-- with bars between them, come the columns as "name type", types of pg_catalog without their schema and all
-- others with it, whatever search_path says; and its kind, a dash where it is not there. Then which of them have
-- policies that hide rows from us; whether any statement, or all that come near it, may run code of the database:
-- event triggers, partition keys with expressions, operator classes and modifiers of types whose functions are
-- neither internal (12) nor in C (13), and which the server did not come with (16384); last, whether they must be looked at more closely (guard.sql), because their
-- owner may be somebody else or because something hangs on them that leads away from them.
with ours as materialized (
    select t.number, c.oid, c.relkind, c.relowner,
           c.relhasrules or c.relhastriggers or c.relhassubclass or c.relispartition
               or not (pg_catalog.pg_get_userbyid(c.relowner) operator(pg_catalog.=) current_user
                       or (pg_catalog.current_setting('is_superuser') operator(pg_catalog.=) 'off'
                           and pg_catalog.pg_has_role(c.relowner, 'USAGE'))) as has_more
      from pg_catalog.unnest(array[pg_catalog.to_regclass($1), pg_catalog.to_regclass($2), pg_catalog.to_regclass($3),
                                   pg_catalog.to_regclass($4), pg_catalog.to_regclass($5)]::pg_catalog.oid[])
           with ordinality t (oid, number)
      left join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) t.oid)
select pg_catalog.pg_backend_pid(),
       pg_catalog.pg_is_in_recovery(),
       session_user,
       (select pg_catalog.string_agg(pg_catalog.concat(x.columns), '|' order by o.number)
          from ours o
         cross join lateral (
               select pg_catalog.string_agg(pg_catalog.concat_ws(' ', pg_catalog.translate(a.attname::pg_catalog.text, ',| ', '___'),
                          case when n.nspname operator(pg_catalog.=) 'pg_catalog'
                               then t.typname::pg_catalog.text
                               else pg_catalog.format('%I.%I', n.nspname, t.typname) end), ',' order by a.attnum) as columns
                 from pg_catalog.pg_attribute a
                 join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) a.atttypid
                 join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) t.typnamespace
                where a.attrelid operator(pg_catalog.=) o.oid and a.attnum operator(pg_catalog.>) 0
                  and not a.attisdropped) x),
       (select pg_catalog.string_agg(coalesce(o.relkind, '-')::pg_catalog.text, '' order by o.number) from ours o),
       (select pg_catalog.string_agg(t.name, ', ')
          from pg_catalog.unnest(array[$1, $2, $3, $4, $5]::pg_catalog.text[]) t (name)
         where pg_catalog.row_security_active(pg_catalog.to_regclass(t.name))),
       current_user,
       exists (select from pg_catalog.pg_event_trigger t where t.evtenabled operator(pg_catalog.<>) 'D')
           or exists (select from pg_catalog.pg_partitioned_table p where p.partexprs is not null)
           or exists (select from pg_catalog.pg_opclass c
                       cross join lateral (
                             select a.amproc::pg_catalog.oid as oid
                               from pg_catalog.pg_amproc a where a.amprocfamily operator(pg_catalog.=) c.opcfamily
                             union all
                             select o.oprcode::pg_catalog.oid
                               from pg_catalog.pg_amop a
                               join pg_catalog.pg_operator o on o.oid operator(pg_catalog.=) a.amopopr
                              where a.amopfamily operator(pg_catalog.=) c.opcfamily) f
                        join pg_catalog.pg_proc p on p.oid operator(pg_catalog.=) f.oid
                       where c.oid operator(pg_catalog.>=) 16384::pg_catalog.oid
                         and p.prolang operator(pg_catalog.<>) all ('{12,13}'::pg_catalog.oid[]))
           or exists (select from pg_catalog.pg_type t
                        join pg_catalog.pg_proc p on p.oid operator(pg_catalog.=) t.typmodin
                       where t.typmodin::pg_catalog.oid operator(pg_catalog.>=) 16384::pg_catalog.oid
                         and p.prolang operator(pg_catalog.<>) all ('{12,13}'::pg_catalog.oid[])),
       exists (select from ours o where o.has_more)
           or exists (select from ours o
                        join pg_catalog.pg_depend p on p.refobjid operator(pg_catalog.=) o.oid
                         and p.refclassid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                         and p.deptype operator(pg_catalog.=) any ('{a,i}'::pg_catalog."char"[])
                         and p.classid operator(pg_catalog.<>) 'pg_catalog.pg_type'::pg_catalog.regclass
                        join pg_catalog.pg_depend d on d.classid operator(pg_catalog.=) p.classid
                         and d.objid operator(pg_catalog.=) p.objid
                       where not (d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                                  and d.refobjid operator(pg_catalog.=) o.oid))
