-- How far a batch is: the bounds left to do, and what has been counted.
select lo[1], lo[2], lo[3], lo[4], hi[1], hi[2], hi[3], hi[4], pass, rows_in_pass, rows, turns, size, checksum
  from :"history_batch"
 where version operator(pg_catalog.=) $1::bigint and statement operator(pg_catalog.=) $2::integer
