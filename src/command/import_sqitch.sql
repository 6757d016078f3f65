-- sqitch: a row a change; $1 is the project, of which a registry may hold several.
select change, change, committed_at::pg_catalog.text, null, null, null
  from :"history"
 where project operator(pg_catalog.=) $1::pg_catalog.text
 order by committed_at
