-- A table of ours is finished once it has its comment.
comment on table :"history" is 'One row per applied migration, kept by rung';
comment on table :"history_log" is 'Append-only log of rung: each row carries the hash of the one before it';
comment on table :"history_run" is 'What each run of rung set out to do, and whether it was finished';
comment on table :"history_step" is 'Journal of migrations that cannot run in one transaction, kept by rung';
comment on table :"history_batch" is 'How far the batches of running migrations are, kept by rung';
comment on table :"history_catalog" is 'What the schema was like at the end of the last run, kept by rung';
