-- How far every batch is that was begun and is not whole; the columns of batch_read.sql first.
select lo[1], lo[2], lo[3], lo[4], hi[1], hi[2], hi[3], hi[4], pass, rows_in_pass, rows, turns, size, checksum,
       version, statement
  from :"history_batch"
 order by version, statement
