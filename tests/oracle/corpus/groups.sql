select 1\; select 2;
select 1\;select 2\;select 3;
select 4\;;
\;select 5;
select (6\;7);
select ';'\; select '\;', "\;" from (select 1 as "\;") s;
select 8\; \echo between
select 9;
select \:one, 1\::int;
\set one 1
select \:one, :one;
create temp table g (a int)\; insert into g values (1)\; select * from g;
select $$\;$$ /* \; */; -- \;
select 10\;
select 11;
