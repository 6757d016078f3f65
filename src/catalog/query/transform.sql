select t.oid,
       pg_catalog.format('for %s language %I', pg_catalog.format_type(t.trftype, null), l.lanname) as name,
       case when t.trffromsql::pg_catalog.oid operator(pg_catalog.<>) 0
            then t.trffromsql::pg_catalog.oid::pg_catalog.regprocedure end as from_sql,
       case when t.trftosql::pg_catalog.oid operator(pg_catalog.<>) 0
            then t.trftosql::pg_catalog.oid::pg_catalog.regprocedure end as to_sql
  from pg_catalog.pg_transform t
  join pg_catalog.pg_language l on l.oid operator(pg_catalog.=) t.trflang
 where t.oid operator(pg_catalog.>=) 16384
