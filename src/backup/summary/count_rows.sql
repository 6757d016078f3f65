-- The rows of one table without those of its children; a number tells which.
select :number, pg_catalog.count(*) from only :table
