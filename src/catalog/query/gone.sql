-- What is not the user's, and what goes with it as pg_depend says: members of extensions, what is temporary, the
-- tables of $1. See left_out.c, which finds the same among all objects.
with recursive gone (class, oid, sub) as (
    (select d.classid, d.objid, d.objsubid
       from pg_catalog.pg_depend d
      where d.deptype operator(pg_catalog.=) 'e'
      union
     select 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, 0
       from pg_catalog.pg_class c
      where c.relpersistence operator(pg_catalog.=) 't'
         or (c.oid operator(pg_catalog.=) any (array(
                 select pg_catalog.to_regclass(t.name)::pg_catalog.oid from pg_catalog.unnest($1::pg_catalog.text[]) t (name)))
             and c.relkind operator(pg_catalog.=) any ('{r,p}')))
    union
    select d.classid, d.objid, d.objsubid
      from gone g
     cross join lateral (
           select d.classid, d.objid, d.objsubid
             from pg_catalog.pg_depend d
            where d.refclassid operator(pg_catalog.=) g.class and d.refobjid operator(pg_catalog.=) g.oid
              and (g.sub operator(pg_catalog.=) 0 or g.sub operator(pg_catalog.=) d.refobjsubid)
              and d.deptype operator(pg_catalog.=) any ('{a,i}')
           offset 0) d)
select g.class, g.oid, g.sub from gone g
