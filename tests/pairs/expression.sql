--- constraint: exists
create table t (a integer, b integer);
-->
alter table t add check (a between 1 and 10 and b > 0);

--- constraint: exists
create table t (a integer, b integer);
-->
alter table t add check (b > 0 and a between 1 and 10 and b < 3);

--- view: exists
create table t (a integer, b integer);
-->
create view v as select * from t where a between 1 and 2 and b = 3;

--- view: exists
create table t (a integer, b integer);
create table u (c integer);
-->
create view v as select * from t where a between (select c from u) and (select max(c) from u) and exists (select from u);

--- view: exists
create table t (a integer, b integer);
-->
create view v as select * from t where (a = 1 and b = 2) and (a = 3 and (b = 4 or (b = 5 or b = 6))) and a between symmetric 1 and 2 and not (a between 1 and 2);

--- policy: using
create table t (a integer, b varchar(9));
create policy p on t using (a > 0);
-->
alter policy p on t using (a not between 1 and 2 or b in ('x', 'y'));

--- index: exists
create table t (a integer, b varchar(9));
-->
create index i on t (a) where a between 1 and 2 and b not in ('x', 'it''s');

--- table: exists
create table r (a integer);
-->
create table t (a integer check (a between 0 and 9 and a <> 5), b varchar(9) check (b in ('x', 'y')));

--- trigger: exists
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create trigger g before update on t for each row when (new.a between 1 and 2 and new.b > 0) execute function f();

--- domain: exists
create table r (a integer);
-->
create domain d as varchar(9) check (value in ('x', 'y') and length(value) between 1 and 2);
create domain e as integer check (value between 1 and 9 and value <> 5);

--- view: definition
create table t (at timestamp, check (extract('DAY' from at) > 0));
create view v as select extract('YEAR' from at) from t;
-->
create or replace view v as select extract('Month' from at) from t;

--- same: definition
create view v as select extract('YEAR' from now());
-->
create or replace view v as select extract(year from now());
