select (1;2);
select (1); select ((2);3);
select '(' ; select ')' ; select "(" from (select 1 as "(") s;
select 1); select 2;
select )))(;) ; select 3;
select [1;2];
create rule r as on insert to pg_class do (select 1; select 2);
select $$($$; select 4;
select ( -- (
1 /* ( */); select 5;
select ((((((1)))))); select 6;
