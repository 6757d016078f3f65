select "a;b" from (select 1 as "a;b") s;
select "it""s;" from (select 1 as "it""s;") s;
select "quote ' in name;" from (select 1 as "quote ' in name;") s;
select """" from (select 1 as """") s; select 1;
select "two
lines;" from (select 1 as "two
lines;") s;
select "a" "b;" from (select 1 as a) s;
select U&"\0061;" from (select 1 as "a;") s;
select ünïcödé from (select 1 as ünïcödé) s; select 2;
select "日本;" from (select 1 as "日本;") s;
select "begin" from (select 1 as "begin") s; select "case;" from (select 1 as "case;") s;
