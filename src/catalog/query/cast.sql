-- Those of multiranges came with their types.
select c.oid,
       pg_catalog.format('%s as %s', pg_catalog.format_type(c.castsource, null),
                         pg_catalog.format_type(c.casttarget, null)) as name,
       case when c.castfunc operator(pg_catalog.<>) 0 then c.castfunc::pg_catalog.regprocedure end as function,
       case when c.castmethod operator(pg_catalog.=) 'b' then 'binary'
            when c.castmethod operator(pg_catalog.=) 'i' then 'inout' else 'function' end as method,
       case when c.castcontext operator(pg_catalog.=) 'a' then 'assignment'
            when c.castcontext operator(pg_catalog.=) 'i' then 'implicit' else 'explicit' end as context
  from pg_catalog.pg_cast c
 where c.oid operator(pg_catalog.>=) 16384
   and not exists (select from pg_catalog.pg_range r where r.rngtypid operator(pg_catalog.=) c.castsource -- since 14
                      and r.rngmultitypid operator(pg_catalog.=) c.casttarget) -- since 14
