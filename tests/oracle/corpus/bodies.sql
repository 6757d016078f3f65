create function f1() returns int begin atomic select 1; select 2; end; select 'after f1';
create or replace function f1() returns int begin atomic select 1; end; select 'after f1 again';
create procedure p1() begin atomic select 1; select 2; end; select 'after p1';
create or replace procedure p1() begin atomic select 1; end; select 2;
CREATE FUNCTION f2(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END;
  SELECT (CASE a WHEN 1 THEN 2 END);
  SELECT case a when 1 then case a when 2 then 3 end end;
END;
select 'after f2';
create function f3() returns int language sql return 1; select 'after f3';
create function f4() returns int language sql as 'select 1; select 2;'; select 'after f4';
create function f5() returns int language sql as $$ select 1; begin; $$; select 'after f5';
create /* or */ function f6() returns int begin atomic select 1; end; select 'after f6';
create function "begin"() returns int language sql return 1; select 'after begin';
create function case1() returns int language sql return case when true then 1 end; select 'after case1';
create table t1 (a int); begin; commit;
create view v1 as select case when true then 1 end; select 'after v1';
begin; select 1; end;
create or replace view v1 as select 1; begin; end;
create trigger begin after insert on t1 execute function f1(); select 'after trigger';
create function f7(a int default (case when true then 1 end)) returns int begin atomic select 1; end; select 'after f7';
create function f8() returns int begin atomic begin atomic select 1; end; select 2; end; select 'after f8';
do $$ begin null; end $$; select 'after do';
create aggregate a1 (int) (sfunc = int4pl, stype = int); begin; end;
create "or" replace function f9() returns int begin atomic select 1; end; select 'after f9';
create or replace function f10() returns int
	begin atomic -- begin
		select 'begin'; /* begin */
		select $$begin$$;
		select "begin" from (select 1 as "begin") s;
	end; select 'after f10';
create function end1() returns int language sql return 1; end; select 1;
select 1\; create function f12() returns int begin atomic select 1; end; select 'after f12';
x create function f13() returns int begin atomic select 1; end; select 'after f13';
create function f14() returns int begin atomic select 1; select 'case; end'; end; select 'after f14';
create function f15() returns int begin atomic values (case when true then (select 1) end); end; select 1;
create schema s1 create function g4() begin atomic select 1; end; select 'after g4';
