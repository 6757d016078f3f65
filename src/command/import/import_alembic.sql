-- Alembic: the newest revision of each line.
select version_num, null, null, null, null, null from :"history"
