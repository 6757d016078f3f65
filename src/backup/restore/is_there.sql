-- Does the connection still work?
select 1
