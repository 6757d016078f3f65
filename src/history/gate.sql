-- An error unless facts.sql, earlier in the same transaction, has found that the tables are tables, and their columns
-- of types of the server's own: a view runs its owner's functions as the role that reads it, a type may have casts of its
-- owner's.
select case when pg_catalog.concat(pg_catalog.current_setting('rung.gate', true)) operator(pg_catalog.<>) 'open'
            then pg_catalog.concat(pg_catalog.count(*), ' tables are not what they seem')::integer end
  from (values (1)) one (row)
