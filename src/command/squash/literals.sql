-- The rows of a table as lists of literals, in the order of their key; of one without, in the order of all they hold.
select pg_catalog.concat_ws(', ', :literals)
  from only :table
 order by :order
