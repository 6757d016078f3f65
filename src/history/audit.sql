-- What about the tables of the history lets others change what they say, or takes away what we write: kind,
-- table, what, and the statement that ends it. What runs code of others is guard.sql's.
with ours as (
    select c.oid, c.relname, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence,
           pg_catalog.format('%I.%I', n.nspname, c.relname) as name
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
     where n.nspname operator(pg_catalog.=) :'history_schema'
       and c.relname operator(pg_catalog.=)
           any (:history_names)),
grants as (
    select t.name, g.grantee, g.privilege_type
      from ours t cross join lateral pg_catalog.aclexplode(t.relacl) g
     where g.grantee operator(pg_catalog.<>) t.relowner
    union
    select t.name, g.grantee, g.privilege_type
      from ours t
      join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) t.oid
     cross join lateral pg_catalog.aclexplode(a.attacl) g
     where g.grantee operator(pg_catalog.<>) t.relowner)
select 'grant' as kind, g.name,
       pg_catalog.format('may be written by %s (%s)',
                         case when g.grantee operator(pg_catalog.=) 0 then 'everybody'
                              else pg_catalog.format('the role "%s"', pg_catalog.pg_get_userbyid(g.grantee)) end,
                         pg_catalog.string_agg(g.privilege_type, ', ' order by g.privilege_type)),
       pg_catalog.format('REVOKE %s ON %s FROM %s', pg_catalog.string_agg(g.privilege_type, ', ' order by g.privilege_type),
                         g.name,
                         case when g.grantee operator(pg_catalog.=) 0 then 'PUBLIC'
                              else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) end)
  from grants g
 where g.privilege_type operator(pg_catalog.<>) 'SELECT'
 group by g.name, g.grantee
union all
select 'trigger', t.name, pg_catalog.format('has a trigger "%s"', g.tgname),
       pg_catalog.format('DROP TRIGGER %I ON %s', g.tgname, t.name)
  from ours t join pg_catalog.pg_trigger g on g.tgrelid operator(pg_catalog.=) t.oid
 where not g.tgisinternal
union all
select 'rule', t.name, pg_catalog.format('has a rule "%s"', r.rulename),
       pg_catalog.format('DROP RULE %I ON %s', r.rulename, t.name)
  from ours t join pg_catalog.pg_rewrite r on r.ev_class operator(pg_catalog.=) t.oid
union all
select 'row-security', t.name, 'has row-level security',
       pg_catalog.format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', t.name)
  from ours t
 where t.relrowsecurity or t.relforcerowsecurity
union all
select 'unlogged', t.name, 'is unlogged: a crash of the server empties it', pg_catalog.format('ALTER TABLE %s SET LOGGED', t.name)
  from ours t
 where t.relpersistence operator(pg_catalog.=) 'u'
union all
select 'primary-key', t.name, 'has no primary key', pg_catalog.format('ALTER TABLE %s ADD PRIMARY KEY (%s)', t.name,
       case when t.relname operator(pg_catalog.=) :'history' then 'version'
            when t.relname operator(pg_catalog.=) :'history_log' then 'id'
            when t.relname operator(pg_catalog.=) :'history_run' then 'number'
            when t.relname operator(pg_catalog.=) :'history_catalog' then 'version'
            else 'version, statement' end)
  from ours t
 where not exists (select from pg_catalog.pg_index i where i.indrelid operator(pg_catalog.=) t.oid and i.indisprimary)
 order by 2, 1, 3
