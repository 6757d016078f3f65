-- What the catalogs' picture does not show of a database: texts of its "own" and those it has "shared" with
-- all others of the server; one "query" that yields more of its own, row by row; why it would not be the
-- same when "copied", and why all this would not do ("unknown").
with ours as (
    select c.oid
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where n.nspname operator(pg_catalog.=) :'history_schema'
       and c.relname operator(pg_catalog.=) any
           (:history_names::pg_catalog.name[])
), theirs as (
    select c.relkind, c.relispopulated, pg_catalog.format('%I.%I', n.nspname, c.relname) as name,
           pg_catalog.pg_table_size(c.oid) as size, pg_catalog.pg_relation_size(c.oid) as main_size
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where c.oid operator(pg_catalog.>=) 16384::pg_catalog.oid
       and c.relkind operator(pg_catalog.=) any ('{r,m,S}'::pg_catalog."char"[])
       and c.relpersistence operator(pg_catalog.<>) 't'
       and not exists (select from ours where ours.oid operator(pg_catalog.=) c.oid)
       and not exists (select from pg_catalog.pg_depend d join ours on ours.oid operator(pg_catalog.=) d.refobjid
                        where d.classid operator(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
                          and d.objid operator(pg_catalog.=) c.oid)
), here as (
    select d.oid, d.datacl from pg_catalog.pg_database d
     where d.datname operator(pg_catalog.=) pg_catalog.current_database()
)
select 'query' as kind,
       pg_catalog.concat('select f.line from (', pg_catalog.string_agg(
           case when t.relkind operator(pg_catalog.=) 'S' then pg_catalog.format(
               'select pg_catalog.concat_ws('' '', %L, s.last_value, s.is_called) from %s s', t.name, t.name)
           else pg_catalog.format(
               'select pg_catalog.concat_ws('' '', %L, pg_catalog.count(*), pg_catalog.sum('
               'pg_catalog.hashtextextended("a row"::pg_catalog.text, 0)::pg_catalog.numeric)) from only %s "a row"'
               ' having pg_catalog.count(*) operator(pg_catalog.>) 0', t.name, t.name) end, ' union all '), ') f(line) order by 1') as text
  from theirs t
 where t.main_size operator(pg_catalog.>) 0 and (t.relispopulated or t.relkind operator(pg_catalog.=) 'S')
having pg_catalog.count(*) operator(pg_catalog.>) 0
union all
select 'unknown', 'too many rows' from theirs
having pg_catalog.sum(theirs.size) operator(pg_catalog.>) 16777216::pg_catalog.numeric
union all
select 'unknown', 'large objects' where exists (select from pg_catalog.pg_largeobject_metadata)
union all
select 'own', pg_catalog.concat('not populated: ', theirs.name) from theirs where not theirs.relispopulated
union all
select 'own', pg_catalog.concat('not valid: ', i.indexrelid::pg_catalog.regclass)
  from pg_catalog.pg_index i where not i.indisvalid
union all
select 'own', pg_catalog.concat_ws(' ', 'set', pg_catalog.pg_get_userbyid(s.setrole), s.setconfig)
  from pg_catalog.pg_db_role_setting s join here on here.oid operator(pg_catalog.=) s.setdatabase
union all
select 'own', pg_catalog.concat('privileges ', here.datacl) from here
union all
select 'copied', 'settings' from pg_catalog.pg_db_role_setting s join here on here.oid operator(pg_catalog.=) s.setdatabase
union all
select 'copied', 'privileges' from here where here.datacl is not null
union all
select 'copied', 'prepared transactions' from pg_catalog.pg_prepared_xacts x
 where x.database operator(pg_catalog.=) pg_catalog.current_database()
union all
select 'shared', (pg_catalog.to_jsonb(r) operator(pg_catalog.-) 'oid'::pg_catalog.text)::pg_catalog.text
  from pg_catalog.pg_roles r
union all
select 'shared', pg_catalog.concat_ws(' ', 'member', pg_catalog.pg_get_userbyid(m.roleid),
                                      pg_catalog.pg_get_userbyid(m.member), m.admin_option)
  from pg_catalog.pg_auth_members m
union all
select 'shared', pg_catalog.concat('set ', s.setconfig) from pg_catalog.pg_db_role_setting s
 where s.setdatabase operator(pg_catalog.=) 0::pg_catalog.oid and s.setrole operator(pg_catalog.=) 0::pg_catalog.oid
union all
select 'shared', pg_catalog.concat('tablespace ', t.spcname) from pg_catalog.pg_tablespace t
union all
select 'shared', pg_catalog.concat('database ', d.datname) from pg_catalog.pg_database d
 where not pg_catalog.starts_with(d.datname::pg_catalog.text, 'rung_scratch_')
 order by 1, 2
