--- schema: exists
-->
create schema pair_schema_1;

--- schema: owner
create schema pair_schema_2;
-->
alter schema pair_schema_2 owner to pair_a;

--- schema: comment
create schema pair_schema_3;
-->
comment on schema pair_schema_3 is 'it''s';

--- schema: comment
create schema pair_schema_4;
comment on schema pair_schema_4 is 'one';
-->
comment on schema pair_schema_4 is 'two';

--- schema: grants
create schema pair_schema_5;
-->
grant usage on schema pair_schema_5 to pair_a;

--- schema: grants
create schema pair_schema_6;
grant usage on schema pair_schema_6 to pair_a;
-->
grant usage on schema pair_schema_6 to pair_a with grant option;

--- schema: grants
create schema pair_schema_7;
grant usage, create on schema pair_schema_7 to pair_a;
-->
revoke create on schema pair_schema_7 from pair_a;

--- schema: grants
create schema pair_schema_8;
-->
revoke all on schema pair_schema_8 from current_user;

--- schema: exists
create schema "Pair-schema 9";
-->
alter schema "Pair-schema 9" rename to "select";

--- extension: exists
-->
create extension tsm_system_rows;

--- extension: installed_in
create schema pair_schema_10;
create extension tsm_system_time;
-->
alter extension tsm_system_time set schema pair_schema_10;

--- language: exists
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
-->
create language pair_language_1 handler h;

--- language: handler
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function h2() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create language pair_language_2 handler h;
-->
drop language pair_language_2;
create language pair_language_2 handler h2;

--- language: inline
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function hi(internal) returns void language c as '$libdir/plpgsql', 'plpgsql_inline_handler';
create language pair_language_3 handler h;
-->
create or replace language pair_language_3 handler h inline hi;

--- language: validator
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function hv(oid) returns void language c as '$libdir/plpgsql', 'plpgsql_validator';
create language pair_language_4 handler h;
-->
create or replace language pair_language_4 handler h validator hv;

--- language: trusted
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create language pair_language_5 handler h;
-->
create or replace trusted language pair_language_5 handler h;

--- language: owner
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create language pair_language_6 handler h;
-->
alter language pair_language_6 owner to pair_a;

--- language: grants
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create trusted language pair_language_7 handler h;
-->
revoke usage on language pair_language_7 from public;

--- language: comment
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create language pair_language_8 handler h;
-->
comment on language pair_language_8 is 'c';

--- access method: exists
-->
create access method pair_am_1 type table handler heap_tableam_handler;

--- access method: type
create access method pair_am_2 type table handler heap_tableam_handler;
-->
drop access method pair_am_2;
create access method pair_am_2 type index handler bthandler;

--- access method: handler
create access method pair_am_3 type index handler bthandler;
-->
drop access method pair_am_3;
create access method pair_am_3 type index handler hashhandler;

--- access method: comment
create access method pair_am_4 type table handler heap_tableam_handler;
-->
comment on access method pair_am_4 is 'c';

--- default privileges: exists
-->
alter default privileges for role pair_a grant select on tables to pair_b;

--- default privileges: exists
create schema pair_schema_11;
grant create on schema pair_schema_11 to pair_b;
-->
alter default privileges for role pair_b in schema pair_schema_11 grant usage on sequences to pair_a;

--- default privileges: grants
create schema pair_schema_12;
alter default privileges for role pair_a in schema pair_schema_12 grant select on tables to pair_b;
-->
alter default privileges for role pair_a in schema pair_schema_12 grant insert on tables to pair_b;

--- default privileges: grants
create schema pair_schema_13;
alter default privileges for role pair_a in schema pair_schema_13 grant execute on functions to pair_b;
-->
alter default privileges for role pair_a in schema pair_schema_13 grant execute on functions to pair_b with grant option;

--- default privileges: exists
-->
alter default privileges for role pair_b revoke usage on types from public;

--- default privileges: exists
-->
alter default privileges for role pair_b grant usage on schemas to pair_a;

--- system object: exists
-->
revoke execute on function pg_sleep(double precision) from public;

--- system object: grants
grant select on pg_authid to pair_b;
-->
grant select on pg_authid to pair_a;

--- system object: exists
-->
grant select (rolname) on pg_authid to pair_a;

--- table: exists
create type c as (x integer, y text);
-->
create table t of c (x not null, y default 'k', primary key (x));
create table u of c (x with options not null default 3 check (x > 0), unique (y), y not null);
create table v (x integer not null, y text collate "C");

--- column: not_null
create type c as (x integer, y text);
create table t of c (x not null, y default 'k', primary key (x));
create table u of c;
-->
alter table t alter y set not null;
alter table u alter x set not null;

--- function: settings
create function f() returns integer language sql as 'select 1';
-->
alter function f() set local_preload_libraries to "Mixed/Case", 'c:/''a"/path', '', 'x, y';
alter function f() set search_path to "A b", pg_temp, '';

--- function: settings
create function f() returns integer language sql as 'select 1';
-->
alter function f() set search_path to '';
alter function f() set work_mem to '4MB';
alter function f() set datestyle to iso, mdy;

--- sequence: exists since 15
create table r (a integer);
-->
create table t (a integer generated always as identity);
alter sequence t_a_seq set unlogged;
create unlogged table u (a integer generated always as identity);
alter sequence u_a_seq set logged;

--- sequence: unlogged since 15
create table t (a integer generated always as identity);
create unlogged table u (a integer generated always as identity);
-->
alter sequence t_a_seq set unlogged;
alter sequence u_a_seq set logged;

--- table: exists
create table r (a integer);
-->
create table t (a integer primary key, b integer generated always as (a * 2) stored);
create table c (x integer, b integer) inherits (t);
create table d (x integer, a integer not null default 3) inherits (t);

--- collation: exists
create table r (a integer);
-->
create collation d from "C";
create collation e (locale = 'C');
