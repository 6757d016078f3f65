-- What must be known of the server and of the history's tables before anything else.
-- $1 are the tables, quoted, in the order of pg/history_table.h. Of each, in this order and
-- with bars between them, come the columns as "name type", types of pg_catalog without their schema and all
-- others with it, whatever search_path says; and its kind, a dash where it is not there. Then which of them have
-- policies that hide rows from us; whether they must be looked at more closely (guard.sql), because their owner
-- may be somebody else or because something hangs on them that leads away from them. Last, what gate.sql reads in
-- the same transaction: whether those that are there are tables, and their columns of types of the server's own.
-- "offset 0" keeps the planner from reading all of pg_depend for a handful of tables.
with ours as materialized (
    select t.number, c.oid, c.relkind, c.relowner,
           c.relhasrules or c.relhastriggers or c.relhassubclass or c.relispartition
               or not (pg_catalog.pg_get_userbyid(c.relowner) operator(pg_catalog.=) current_user
                       or (pg_catalog.current_setting('is_superuser') operator(pg_catalog.=) 'off'
                           and pg_catalog.pg_has_role(c.relowner, 'USAGE'))) as has_more
      from pg_catalog.unnest($1::pg_catalog.text[]) with ordinality t (name, number)
      left join pg_catalog.pg_class c on c.oid operator(pg_catalog.=) pg_catalog.to_regclass(t.name)),
columns as materialized (
    select o.number, a.attnum, n.nspname operator(pg_catalog.=) 'pg_catalog' as is_of_server,
           pg_catalog.concat_ws(' ', pg_catalog.translate(a.attname::pg_catalog.text, ',| ', '___'),
               case when n.nspname operator(pg_catalog.=) 'pg_catalog'
                    then t.typname::pg_catalog.text
                    else pg_catalog.format('%I.%I', n.nspname, t.typname) end) as text
      from ours o
      join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) o.oid
      join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) a.atttypid
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) t.typnamespace
     where a.attnum operator(pg_catalog.>) 0 and not a.attisdropped)
select pg_catalog.pg_backend_pid(),
       pg_catalog.pg_is_in_recovery(),
       session_user,
       (select pg_catalog.string_agg(pg_catalog.concat(
                   (select pg_catalog.string_agg(c.text, ',' order by c.attnum)
                      from columns c where c.number operator(pg_catalog.=) o.number)), '|' order by o.number)
          from ours o),
       (select pg_catalog.string_agg(coalesce(o.relkind, '-')::pg_catalog.text, '' order by o.number) from ours o),
       (select pg_catalog.string_agg(t.name, ', ')
          from pg_catalog.unnest($1::pg_catalog.text[]) t (name)
         where pg_catalog.row_security_active(pg_catalog.to_regclass(t.name))),
       current_user,
       exists (select from ours o where o.has_more)
           or exists (select from ours o
                       cross join lateral (
                             select p.classid, p.objid
                               from pg_catalog.pg_depend p
                              where p.refclassid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                                and p.refobjid operator(pg_catalog.=) o.oid
                                and p.deptype operator(pg_catalog.=) any ('{a,i}'::pg_catalog."char"[])
                                and p.classid operator(pg_catalog.<>) 'pg_catalog.pg_type'::pg_catalog.regclass
                             offset 0) p
                        join pg_catalog.pg_depend d on d.classid operator(pg_catalog.=) p.classid
                         and d.objid operator(pg_catalog.=) p.objid
                       where not (d.refclassid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                                  and d.refobjid operator(pg_catalog.=) o.oid)),
       pg_catalog.set_config('rung.gate',
           case when not exists (select from ours o where o.relkind operator(pg_catalog.<>) 'r')
                 and not exists (select from columns c where not c.is_of_server)
                then 'open' else 'shut' end, true)
