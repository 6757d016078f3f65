-- What migrations can leave that is neither in the catalog of the schema nor in rows, a line each: roles and what they
-- are members of, settings of the database, large objects. Then the positions of sequences.
select pg_catalog.concat_ws(' ', 'role', pg_catalog.quote_ident(r.rolname),
           case when r.rolsuper then 'superuser' end, case when r.rolcanlogin then 'login' end,
           case when r.rolcreatedb then 'createdb' end, case when r.rolcreaterole then 'createrole' end,
           case when r.rolinherit then 'inherit' end, case when r.rolreplication then 'replication' end,
           case when r.rolbypassrls then 'bypassrls' end),
       null
  from pg_catalog.pg_roles r
 where r.rolname operator(pg_catalog.!~) '^pg_'
union all
select pg_catalog.concat_ws(' ', 'membership of', pg_catalog.pg_get_userbyid(m.member), 'in', pg_catalog.pg_get_userbyid(m.roleid)), null
  from pg_catalog.pg_auth_members m
 where pg_catalog.pg_get_userbyid(m.roleid) operator(pg_catalog.!~) '^pg_' or m.member operator(pg_catalog.>=) 16384
union all
select pg_catalog.concat_ws(' ', 'settings of',
           case when s.setrole operator(pg_catalog.=) 0 then 'the database' else pg_catalog.concat('role ', pg_catalog.pg_get_userbyid(s.setrole)) end,
           pg_catalog.array_to_string(s.setconfig, ', ')), null
  from pg_catalog.pg_db_role_setting s
 where s.setdatabase operator(pg_catalog.=) any (array[0::pg_catalog.oid,
           (select d.oid from pg_catalog.pg_database d where d.datname operator(pg_catalog.=) pg_catalog.current_database())])
union all
select pg_catalog.concat('large objects: ', pg_catalog.count(*)), null
  from pg_catalog.pg_largeobject_metadata
having pg_catalog.count(*) operator(pg_catalog.>) 0
union all
select pg_catalog.format('sequence %I.%I at %s', q.schemaname, q.sequencename, q.last_value),
       pg_catalog.format('SELECT pg_catalog.setval(%L, %s)', pg_catalog.format('%I.%I', q.schemaname, q.sequencename), q.last_value)
  from pg_catalog.pg_sequences q
 where q.last_value is not null
 order by 1
