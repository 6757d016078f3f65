-- What the log should tell of where there is no log at all; as log_missing.sql, and of a history of any shape.
select h.version, pg_catalog.to_jsonb(h) operator(pg_catalog.->>) 'name'
  from :"history" h
 where (pg_catalog.to_jsonb(h) operator(pg_catalog.->>) 'state') operator(pg_catalog.=) 'applied'
   and (pg_catalog.to_jsonb(h) operator(pg_catalog.->>) 'name') is not null
 order by h.version
