select p.oid,
       p.pronamespace as schema,
       pg_catalog.quote_ident(p.proname) as name,
       pg_catalog.concat('(', pg_catalog.oidvectortypes(p.proargtypes), ')') as tail,
       pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(p.proowner)) as owner,
       pg_catalog.pg_get_function_arguments(p.oid) as arguments,
       pg_catalog.pg_get_function_result(p.oid) as result,
       case when a.aggkind operator(pg_catalog.=) 'o' then 'ordered-set'
            when a.aggkind operator(pg_catalog.=) 'h' then 'hypothetical-set' end as type,
       case when a.aggkind operator(pg_catalog.<>) 'n' then a.aggnumdirectargs end as direct_arguments,
       a.aggtransfn as transition_function,
       pg_catalog.format_type(a.aggtranstype, null) as transition_type,
       case when a.aggtransspace operator(pg_catalog.<>) 0 then a.aggtransspace end as transition_space,
       case when a.aggfinalfn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggfinalfn end as final_function,
       a.aggfinalextra as final_extra,
       case when a.aggfinalfn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggfinalmodify end as final_modify,
       case when a.aggcombinefn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggcombinefn end as combine_function,
       case when a.aggserialfn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggserialfn end as serial_function,
       case when a.aggdeserialfn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggdeserialfn end as deserial_function,
       pg_catalog.quote_literal(a.agginitval) as initial_value,
       case when a.aggmtransfn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggmtransfn end as moving_function,
       case when a.aggminvtransfn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggminvtransfn end as moving_inverse,
       case when a.aggmtranstype operator(pg_catalog.<>) 0
            then pg_catalog.format_type(a.aggmtranstype, null) end as moving_type,
       case when a.aggmtransspace operator(pg_catalog.<>) 0 then a.aggmtransspace end as moving_space,
       case when a.aggmfinalfn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggmfinalfn end as moving_final,
       a.aggmfinalextra as moving_final_extra,
       case when a.aggmfinalfn::pg_catalog.oid operator(pg_catalog.<>) 0 then a.aggmfinalmodify end as moving_final_modify,
       pg_catalog.quote_literal(a.aggminitval) as moving_initial_value,
       case when a.aggsortop operator(pg_catalog.<>) 0 then a.aggsortop::pg_catalog.regoperator end as sort_operator,
       case when p.proparallel operator(pg_catalog.=) 's' then 'safe'
            when p.proparallel operator(pg_catalog.=) 'r' then 'restricted' end as parallel
  from pg_catalog.pg_proc p
  join pg_catalog.pg_aggregate a on a.aggfnoid operator(pg_catalog.=) p.oid
 where p.oid operator(pg_catalog.>=) 16384
