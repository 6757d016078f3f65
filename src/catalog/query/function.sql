-- Not those that come with a range type. The library of a C function is as it was given.
select p.oid,
       p.pronamespace as schema,
       pg_catalog.quote_ident(p.proname) as name,
       pg_catalog.concat('(', pg_catalog.oidvectortypes(p.proargtypes), ')') as tail,
       case when p.prokind operator(pg_catalog.=) 'p' then 'procedure' else 'function' end as kind,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(p.proowner)) as owner,
       pg_catalog.pg_get_function_arguments(p.oid) as arguments,
       pg_catalog.pg_get_function_result(p.oid) as result,
       pg_catalog.quote_ident(l.lanname) as language,
       p.prokind operator(pg_catalog.=) 'w' as "window",
       case when p.provolatile operator(pg_catalog.=) 'i' then 'immutable'
            when p.provolatile operator(pg_catalog.=) 's' then 'stable' end as volatility,
       p.proisstrict as strict,
       p.proleakproof as leakproof,
       p.prosecdef as security_definer,
       case when p.proparallel operator(pg_catalog.=) 's' then 'safe'
            when p.proparallel operator(pg_catalog.=) 'r' then 'restricted' end as parallel,
       case when p.procost operator(pg_catalog.<>)
                 case when l.lanname operator(pg_catalog.=) any ('{c,internal}') then 1 else 100 end
            then p.procost end as cost,
       case when p.proretset and p.prorows operator(pg_catalog.<>) 1000 then p.prorows end as rows,
       case when p.prosupport::pg_catalog.oid operator(pg_catalog.<>) 0 then p.prosupport end as support,
       case when p.proconfig is not null
            then (select pg_catalog.string_agg(o.line, E'\n' order by o.at)
                    from pg_catalog.unnest(p.proconfig) with ordinality o(line, at)) end as settings,
       case when p.protrftypes is not null
            then (select pg_catalog.string_agg(pg_catalog.format_type(o.type, null), ', ' order by o.at)
                    from pg_catalog.unnest(p.protrftypes) with ordinality o(type, at)) end as transforms,
       pg_catalog.pg_get_function_sqlbody(p.oid) as sql_body, -- since 14
       p.probin as library,
       p.prosrc as body
  from pg_catalog.pg_proc p
  join pg_catalog.pg_language l on l.oid operator(pg_catalog.=) p.prolang
 where p.prokind operator(pg_catalog.<>) 'a' and p.oid operator(pg_catalog.>=) 16384
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid operator(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
                      and d.objid operator(pg_catalog.=) p.oid and d.deptype operator(pg_catalog.=) 'i')
