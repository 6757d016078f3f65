--- same: dropped-column
create table t (a integer, b integer);
-->
alter table t add c integer;
alter table t drop c;

--- same: column-order
create table t (a integer, b integer);
-->
drop table t;
create table t (b integer, a integer);

--- same: numbers
create table t (a integer primary key, b text default 'x' check (b <> ''));
create view v as select a, b from t;
create function f(t) returns integer language sql as 'select 1';
-->
drop table t cascade;
create table t (a integer primary key, b text default 'x' check (b <> ''));
create view v as select a, b from t;
create function f(t) returns integer language sql as 'select 1';

--- same: order
create table t (a integer);
create index i on t (a);
create index j on t ((a + 1));
alter table t add constraint k check (a > 0);
alter table t add constraint l check (a > 1);
-->
drop table t;
create table t (a integer, constraint l check (a > 1), constraint k check (a > 0));
create index j on t ((a + 1));
create index i on t (a);

--- same: rows
create table t (a integer);
-->
insert into t select generate_series(1, 1000);
analyze t;

--- same: options-in-another-order
create table t (a integer) with (fillfactor = 70, autovacuum_enabled = false);
-->
alter table t reset (fillfactor);
alter table t set (fillfactor = 70);

--- same: grants-in-another-order
create table t (a integer);
grant select, insert on t to pair_a;
grant select on t to pair_b;
-->
revoke all on t from pair_a;
grant insert, select on t to pair_a;

--- same: default-grants-made-explicit
create table t (a integer);
create function f() returns integer language sql as 'select 1';
create type e as enum ('a');
create sequence s;
-->
grant all on t to current_user;
grant execute on function f() to public;
grant usage on type e to public;
grant all on sequence s to current_user;

--- same: comment-taken-back
create table t (a integer);
-->
comment on table t is 'x';
comment on table t is null;

--- same: temporary
create table t (a integer);
-->
create temporary table x (a integer primary key, b text);
create index on x (b);
create function pg_temp.f() returns integer language sql as 'select 1';
create temporary view y as select * from x;
create temporary sequence z;

--- same: extension-members
create extension fuzzystrmatch;
-->
alter function soundex(text) cost 7;

--- same: printed-twice
create table t (a varchar(10), b char(3), constraint k check (a in ('a', 'it''s, b]', E'c\\d')), constraint l check (b not in ('a', 'b')));
create index i on t (a) where a in ('a', 'b');
create view v as select a from t where a in ('x', 'y');
-->
do $$
declare
    k text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'k' and conrelid = 't'::regclass);
    l text := (select pg_get_constraintdef(oid) from pg_constraint where conname = 'l' and conrelid = 't'::regclass);
    i text := (select pg_get_indexdef('i'::regclass));
    v text := (select pg_get_viewdef('v'::regclass));
begin
    drop index i;
    execute 'create or replace view v as ' || v;
    alter table t drop constraint k, drop constraint l;
    execute 'alter table t add constraint k ' || k || ', add constraint l ' || l;
    execute i;
end $$;

--- same: large-object
-->
select lo_unlink(lo_create(0));
