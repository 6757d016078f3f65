-- Some columns of all rows of a table, together.
select pg_catalog.md5(coalesce(pg_catalog.string_agg(r.row, '' order by r.row), ''))
  from (select pg_catalog.md5(pg_catalog.concat_ws(', ', :literals)) as row from only :table) r
