-- One without a function is named by others and not yet made.
select o.oid,
       o.oprnamespace as schema,
       o.oprname as name,
       pg_catalog.format('(%s, %s)',
           case when o.oprleft operator(pg_catalog.<>) 0 then pg_catalog.format_type(o.oprleft, null) else 'none' end,
           case when o.oprright operator(pg_catalog.<>) 0 then pg_catalog.format_type(o.oprright, null) else 'none' end
       ) as tail,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(o.oprowner)) as owner,
       case when o.oprcode::pg_catalog.oid operator(pg_catalog.<>) 0 then o.oprcode end as function,
       case when o.oprcom operator(pg_catalog.<>) 0 then o.oprcom::pg_catalog.regoperator end as commutator,
       case when o.oprnegate operator(pg_catalog.<>) 0 then o.oprnegate::pg_catalog.regoperator end as negator,
       case when o.oprrest::pg_catalog.oid operator(pg_catalog.<>) 0 then o.oprrest end as restrict_function,
       case when o.oprjoin::pg_catalog.oid operator(pg_catalog.<>) 0 then o.oprjoin end as join_function,
       o.oprcanhash as hashes,
       o.oprcanmerge as merges
  from pg_catalog.pg_operator o
 where o.oid operator(pg_catalog.>=) 16384
