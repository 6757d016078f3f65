-- dbmate: a row a migration. golang-migrate calls its table the same, but keeps one row in it.
select t.version::pg_catalog.text, null, null, null, null,
       case when pg_catalog.to_jsonb(t) operator(pg_catalog.?) 'dirty'
            then 'is a row of golang-migrate, not of dbmate' end
  from :"history" t
 order by t.version
