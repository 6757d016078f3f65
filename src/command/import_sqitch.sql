-- sqitch: a row a change; $1 is the project, of which a registry may hold several.
select change, change, committed_at::text, null, null, null
  from :"history"
 where project = $1::text
 order by committed_at
