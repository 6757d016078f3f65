-- The same from the three-column table people write by hand.
select version, description, applied_at, null, null, 'applied', 0, null,
       null, null, null, null, null, null, null
  from :"history"
 order by version
