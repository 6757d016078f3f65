--- aggregate: exists
-->
create function tf(integer, variadic "any") returns integer immutable language internal as 'int4pl';
create aggregate no_arguments(*) (sfunc = int8inc, stype = bigint, initcond = '0', parallel = safe);
create aggregate every_kind(variadic "any") (sfunc = tf, stype = integer);
comment on aggregate no_arguments(*) is 'c';
alter aggregate no_arguments(*) owner to pair_a;
revoke execute on function no_arguments() from public;

--- aggregate: exists
-->
create function fi(internal, float8) returns float8 immutable language internal as 'hypothetical_rank_final';
create function tr(internal, float8) returns internal immutable language internal as 'ordered_set_transition';
create aggregate "H y"(float8 order by float8) (sfunc = tr, stype = internal, finalfunc = fi, hypothetical);
create aggregate "O s"(float8 order by float8) (sfunc = tr, stype = internal, finalfunc = fi, finalfunc_modify = shareable);
comment on aggregate "H y"(float8 order by float8) is 'c';
grant execute on function "O s"(float8, float8) to pair_a;

--- aggregate: transition_function
create table t (a float8, b integer);
create aggregate g(float8) (sfunc = float8pl, stype = float8);
create view v as select g(a) as s, b from t group by b;
create materialized view m as select * from v;
comment on view v is 'kept';
grant select on v to pair_b;
-->
drop materialized view m;
drop view v;
drop aggregate g(float8);
create aggregate g(float8) (sfunc = float8mi, stype = float8);
create view v as select g(a) as s, b from t group by b;
create materialized view m as select * from v;
comment on view v is 'kept';
grant select on v to pair_b;

--- aggregate: exists
create function f(integer, a integer) returns integer immutable language sql as 'select 1';
create aggregate g(integer) (sfunc = f, stype = integer);
create aggregate h(integer) (sfunc = int4pl, stype = integer);
-->
drop aggregate g(integer);
drop function f;
create function f(integer, b integer) returns integer immutable language sql as 'select 1';
create aggregate g2(integer) (sfunc = f, stype = integer, sortop = <);

--- collation: lc_collate
create collation k (lc_collate = 'C', lc_ctype = 'POSIX');
create domain d as text collate k;
create table t (a text collate k, b d, c text, unique (a));
create index i on t (c collate k);
create view v as select a, b, c collate k as d from t;
-->
drop view v;
drop index i;
alter table t drop constraint t_a_key;
alter table t alter a type text collate "C";
alter table t alter b type text;
drop domain d;
drop collation k;
create collation k (lc_collate = 'POSIX', lc_ctype = 'POSIX');
create domain d as text collate k;
alter table t alter a type text collate k;
alter table t alter b type d;
alter table t add unique (a);
create index i on t (c collate k);
create view v as select a, b, c collate k as d from t;

--- collation: exists since 17
-->
create collation k (provider = builtin, locale = 'C.UTF-8');

--- base type: exists
-->
create type "B 1";
create function b_in(cstring) returns "B 1" immutable strict language internal as 'int4in';
create function b_out("B 1") returns cstring immutable strict language internal as 'int4out';
create type "B 1" (input = b_in, output = b_out, like = integer);
create function b_eq("B 1", "B 1") returns boolean immutable strict language internal as 'int4eq';
create function b_hash("B 1") returns integer immutable strict language internal as 'hashint4';
create operator = (function = b_eq, leftarg = "B 1", rightarg = "B 1", commutator = =, restrict = eqsel, join = eqjoinsel, hashes);
create operator class b_ops default for type "B 1" using hash as operator 1 =, function 1 b_hash("B 1");
create cast ("B 1" as integer) without function as assignment;
create table t (a "B 1", b "B 1"[] default '{1,2}');
create index i on t using hash (a);
create view v as select a from t where a = '7';
create function f("B 1") returns "B 1" language sql as 'select $1';
alter type "B 1" owner to pair_a;
comment on type "B 1" is 'c';
revoke usage on type "B 1" from public;
grant execute on function b_in(cstring) to pair_b;

--- base type: send since 13
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create type b (input = b_in, output = b_out, like = integer);
create table t (a b);
-->
create function b_recv(internal) returns b immutable strict language internal as 'int4recv';
create function b_send(b) returns bytea immutable strict language internal as 'int4send';
alter type b set (receive = b_recv, send = b_send);

--- base type: exists
-->
create type b;
create function f(b) returns integer immutable language internal as 'int4abs';
create function g(integer) returns b immutable language internal as 'int4abs';

--- range type: exists
-->
create type r;
create function canon(r) returns r immutable language internal as 'int4range_canonical';
create function diff(integer, integer) returns float8 immutable language sql as 'select ($1 - $2)::float8';
create type r as range (subtype = integer, canonical = canon, subtype_diff = diff);
create table t (a r, exclude using gist (a with &&));
create function f(r) returns r language sql as 'select $1';
comment on type r is 'c';
comment on function canon(r) is 'c';

--- operator: exists
-->
create function lt(integer, integer) returns boolean immutable language internal as 'int4lt';
create function gt(integer, integer) returns boolean immutable language internal as 'int4gt';
create function ge(integer, integer) returns boolean immutable language internal as 'int4ge';
create operator <<< (leftarg = integer, rightarg = integer, function = lt, commutator = >>>, negator = >==>, restrict = scalarltsel);
create operator >>> (leftarg = integer, rightarg = integer, function = gt, commutator = <<<);
create operator >==> (leftarg = integer, rightarg = integer, function = ge, negator = <<<);
comment on operator <<< (integer, integer) is 'c';
alter operator >>> (integer, integer) owner to pair_a;

--- operator: function
create function eq(integer, integer) returns boolean immutable language internal as 'int4eq';
create operator === (leftarg = integer, rightarg = integer, function = eq, commutator = ===);
create operator !=== (leftarg = integer, rightarg = integer, function = int4ne, negator = ===);
create operator class o for type integer using hash as operator 1 ===, function 1 hashint4(integer);
create table t (a integer check (a === a));
create index i on t using hash (a o);
create index j on t (a) where a !=== 0;
comment on index i is 'kept';
-->
drop index i, j;
alter table t drop constraint t_a_check;
drop operator class o using hash;
drop operator family if exists o using hash;
drop operator !=== (integer, integer);
drop operator === (integer, integer);
create operator === (leftarg = integer, rightarg = integer, function = int4eq, commutator = ===);
create operator !=== (leftarg = integer, rightarg = integer, function = int4ne, negator = ===);
create operator class o for type integer using hash as operator 1 ===, function 1 hashint4(integer);
alter table t add check (a === a);
create index i on t using hash (a o);
create index j on t (a) where a !=== 0;
comment on index i is 'kept';

--- operator family: operators
create operator === (leftarg = integer, rightarg = bigint, function = int48eq);
create operator ==== (leftarg = integer, rightarg = bigint, function = int48eq);
create operator family o using hash;
alter operator family o using hash add operator 1 === (integer, bigint);
-->
alter operator family o using hash drop operator 1 (integer, bigint);
alter operator family o using hash add operator 1 ==== (integer, bigint);
drop operator === (integer, bigint);

--- operator class: exists
-->
create function cmp(integer, integer) returns integer immutable language internal as 'btint4cmp';
create operator family fam using btree;
create operator class "O c" for type integer using btree family fam as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 cmp(integer, integer);
alter operator family fam using btree add operator 1 < (integer, bigint), operator 3 = (integer, bigint), function 1 (integer, bigint) btint48cmp(integer, bigint);
comment on operator class "O c" using btree is 'c';
alter operator family fam using btree owner to pair_a;
create table t (a integer);
create unique index i on t (a "O c" desc);
create type r as range (subtype = integer, subtype_opclass = "O c");

--- operator class: exists
-->
create operator class g for type text[] using gin as operator 1 && (anyarray, anyarray), function 1 bttextcmp(text, text), function 2 ginarrayextract(anyarray, internal, internal), function 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal), function 4 ginarrayconsistent(internal, smallint, anyarray, integer, internal, internal, internal, internal), storage text;

--- text search dictionary: template
create text search template p (lexize = dsimple_lexize, init = dsimple_init);
create text search dictionary y (template = simple, accept = false);
create text search configuration c (parser = "default");
alter text search configuration c add mapping for asciiword, word with y, simple;
alter text search configuration c add mapping for email with simple;
create table t (a text);
create index i on t using gin (to_tsvector('c', a));
-->
drop index i;
drop text search configuration c;
drop text search dictionary y;
create text search dictionary y (template = p, stopwords = 'english', accept = true);
create text search configuration c (parser = "default");
alter text search configuration c add mapping for asciiword, word with y, simple;
alter text search configuration c add mapping for email with simple;
create index i on t using gin (to_tsvector('c', a));

--- text search dictionary: options
create text search dictionary y (template = simple, stopwords = 'english', accept = false);
-->
alter text search dictionary y (stopwords, accept = true);

--- text search configuration: exists
-->
create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search dictionary "D 1" (template = snowball, language = 'english', stopwords = 'english');
create text search dictionary d2 (template = synonym, synonyms = 'synonym_sample');
create text search configuration "C" (parser = p);
alter text search configuration "C" add mapping for asciiword with "D 1", d2;
alter text search configuration "C" add mapping for email, url with simple;
comment on text search configuration "C" is 'c';
alter text search dictionary "D 1" owner to pair_a;

--- foreign-data wrapper: exists
-->
create function f(text[], oid) returns void language plpgsql as 'begin end';
create foreign data wrapper pair_fdw_30 validator f options (debug 'it''s', "A b" '1');
create server pair_server_30 type 'x' version '1' foreign data wrapper pair_fdw_30 options (host 'a, b', "Port" '1');
create user mapping for public server pair_server_30 options (user 'x');
create foreign table t (a integer options (column_name 'b')) server pair_server_30 options (table_name 'it''s');
grant usage on foreign data wrapper pair_fdw_30 to pair_a;
grant usage on foreign server pair_server_30 to pair_a with grant option;
comment on server pair_server_30 is 'c';

--- server: type
create foreign data wrapper pair_fdw_31;
create server pair_server_31 type 'a' foreign data wrapper pair_fdw_31;
create user mapping for pair_a server pair_server_31 options (user 'x');
create foreign table t (a integer) server pair_server_31;
create view v as select a from t;
grant usage on foreign server pair_server_31 to pair_a;
-->
drop view v;
drop foreign table t;
drop user mapping for pair_a server pair_server_31;
drop server pair_server_31;
create server pair_server_31 type 'b' foreign data wrapper pair_fdw_31;
create user mapping for pair_a server pair_server_31 options (user 'x');
create foreign table t (a integer) server pair_server_31;
create view v as select a from t;
grant usage on foreign server pair_server_31 to pair_a;

--- server: options
create foreign data wrapper pair_fdw_32;
create server pair_server_32 version '1' foreign data wrapper pair_fdw_32 options (host 'a', port '1');
-->
alter server pair_server_32 options (drop host, set port '2', add dbname 'd''e');
alter server pair_server_32 version '2';

--- foreign-data wrapper: validator
create function f(text[], oid) returns void language plpgsql as 'begin end';
create foreign data wrapper pair_fdw_33 validator f;
create server pair_server_33 foreign data wrapper pair_fdw_33;
-->
alter foreign data wrapper pair_fdw_33 no validator;
drop function f;

--- user mapping: options
create foreign data wrapper pair_fdw_34;
create server pair_server_34 foreign data wrapper pair_fdw_34;
create user mapping for pair_a server pair_server_34 options (user 'x', password 'y');
-->
alter user mapping for pair_a server pair_server_34 options (set user 'z', add fetch '1');

--- user mapping: options unmodelled
create foreign data wrapper pair_fdw_35;
create server pair_server_35 foreign data wrapper pair_fdw_35;
create user mapping for pair_a server pair_server_35 options (user 'x');
-->
alter user mapping for pair_a server pair_server_35 options (set user 'z', add password 'y');

--- language: exists
-->
create function h() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function hi(internal) returns void language c as '$libdir/plpgsql', 'plpgsql_inline_handler';
create function hv(oid) returns void language c as '$libdir/plpgsql', 'plpgsql_validator';
create trusted language pair_language_9 handler h inline hi validator hv;
create function f() returns integer language pair_language_9 as 'begin return 1; end';
create table t (a integer default f());
alter language pair_language_9 owner to pair_super;
revoke usage on language pair_language_9 from public;

--- access method: exists since 14
-->
create access method pair_am_15 type table handler heap_tableam_handler;
create access method pair_am_16 type index handler hashhandler;
create operator class o default for type integer using pair_am_16 as operator 1 = (integer, integer), function 1 hashint4(integer);
create table t (a integer) using pair_am_15;
create index i on t using pair_am_16 (a);

--- transform: exists
-->
create type e as enum ('a');
create function from_sql(internal) returns internal immutable language internal as 'hashint4';
create function to_sql(internal) returns e immutable language internal as 'hashint4';
create transform for e language plpgsql (from sql with function from_sql(internal), to sql with function to_sql(internal));
create function f(e) returns e language plpgsql transform for type e as 'begin return $1; end';

--- cast: function
create type e as enum ('a');
create function f(e) returns integer immutable language sql as 'select 1';
create cast (e as integer) with function f(e) as implicit;
create table t (a e, b integer generated always as (a + 1) stored);
create view v as select a + 1 as b from t;
-->
drop view v;
alter table t drop b;
drop cast (e as integer);
drop function f;
create function f(e, a integer, b boolean) returns integer immutable language sql as 'select 1';
create cast (e as integer) with function f(e, integer, boolean) as implicit;
alter table t add b integer generated always as (a + 1) stored;
create view v as select a + 1 as b from t;

--- event trigger: exists
create table gone (a integer);
-->
create function pair_function_9() returns event_trigger language plpgsql as $$ begin
    if exists (select from pg_event_trigger_ddl_commands() c join pg_proc p on p.proname = 'pair_function_9' and c.schema_name = p.pronamespace::regnamespace::text)
    then raise exception 'nothing may be done here any more'; end if; end $$;
drop table gone;
create table t (a serial primary key);
create view v as select * from t;
comment on table t is 'c';
alter default privileges grant select on tables to pair_a;
create event trigger "pair Event 9" on ddl_command_end execute function pair_function_9();
comment on event trigger "pair Event 9" is 'c';

--- event trigger: enabled
create function pair_function_10() returns event_trigger language plpgsql as $$ begin
    if exists (select from pg_event_trigger_ddl_commands() c join pg_proc p on p.proname = 'pair_function_10' and c.schema_name = p.pronamespace::regnamespace::text)
    then raise exception 'nothing may be done here any more'; end if; end $$;
create event trigger pair_event_10 on ddl_command_end when tag in ('CREATE TABLE', 'ALTER TABLE', 'DROP TABLE') execute function pair_function_10();
-->
alter event trigger pair_event_10 disable;
create table t (a integer);

--- event trigger: exists
create function f() returns event_trigger language plpgsql as 'begin end';
create event trigger pair_event_11 on sql_drop execute function f();
alter event trigger pair_event_11 enable always;
-->
drop event trigger pair_event_11;
drop function f;
create schema pair_schema_30;

--- publication: exists
-->
create table t (a integer primary key, b integer);
create table "T 2" (a integer primary key);
create publication "pair Pub 30" for table t, "T 2" with (publish = 'insert');
comment on publication "pair Pub 30" is 'c';

--- publication: exists since 13
-->
create table t (a integer, b integer) partition by range (a);
create table t1 partition of t for values from (1) to (2);
create table p1 (a integer);
create table p2 () inherits (p1);
create publication pair_pub_31 for table t, p1 with (publish_via_partition_root);

--- publication table: where since 15
create table t (a integer primary key, b integer, "C" text);
create publication pair_pub_32 for table t (a, "C") where (a > 0 and "C" <> 'it''s');
-->
alter publication pair_pub_32 drop table t;
alter table t alter "C" type varchar(20);
alter table t drop b;
alter publication pair_pub_32 add table t ("C", a) where (a > 1);

--- publication: all_tables
create table t (a integer primary key);
create publication pair_pub_33 for table t;
comment on publication pair_pub_33 is 'kept';
-->
drop publication pair_pub_33;
create publication pair_pub_33 for all tables with (publish = 'insert, update');
comment on publication pair_pub_33 is 'kept';

--- publication schema: exists since 15
-->
create schema "pair Schema 31";
create publication pair_pub_34 for tables in schema "pair Schema 31";

--- publication table: exists
create table t (a integer primary key);
create publication pair_pub_35 for table t;
-->
drop table t;

--- subscription: publications
create subscription pair_sub_30 connection 'dbname=nowhere' publication a with (connect = false, slot_name = none);
-->
alter subscription pair_sub_30 set publication b, "C d" with (refresh = false);
alter subscription pair_sub_30 set (slot_name = 'pair_slot', synchronous_commit = local);

--- statistics: definition
create table t (a integer, b integer, c integer);
create statistics s on a, b from t;
create statistics s2 on b, c from t;
comment on statistics s2 is 'kept';
-->
drop statistics s, s2;
alter table t drop a;
alter table t alter b type bigint;
create statistics s on b, c from t;
create statistics s2 on b, c from t;
comment on statistics s2 is 'kept';

--- statistics: exists since 14
-->
create function f(integer) returns integer immutable language sql as 'select $1';
create table t (a integer, b integer);
create statistics "S t" (mcv) on (f(a)), b from t;
alter statistics "S t" set statistics 0;
comment on statistics "S t" is 'c';
alter statistics "S t" owner to pair_a;

--- default privileges: exists
create table kept (a integer);
-->
create table t (a integer);
create sequence s;
create function f() returns integer language sql as 'select 1';
create type e as enum ('a');
alter default privileges grant select, insert on tables to pair_a;
alter default privileges revoke execute on functions from public;
alter default privileges grant usage on sequences to pair_b with grant option;
alter default privileges revoke usage on types from public;

--- default privileges: grants
alter default privileges grant select, insert on tables to pair_a;
alter default privileges grant usage on sequences to pair_b with grant option;
create table kept (a integer);
-->
create table t (a integer);
create sequence s;
create view v as select * from t;
alter default privileges revoke insert on tables from pair_a;
alter default privileges grant update on tables to public;
alter default privileges revoke grant option for usage on sequences from pair_b;

--- default privileges: exists
-->
create schema "pair in Schema 32";
alter default privileges in schema "pair in Schema 32" grant select on tables to pair_a;
alter default privileges in schema "pair in Schema 32" grant execute on functions to pair_a with grant option;

--- default privileges: exists since 18
-->
alter default privileges for role pair_a grant select on large objects to pair_b;

--- default privileges: exists
-->
alter default privileges for role pair_a revoke all on tables from pair_a;

--- system object: exists
-->
revoke usage on type int4 from public;
grant create on schema pg_catalog to pair_b;
grant execute on function sum(integer) to pair_a with grant option;
grant update (rolname) on pg_authid to pair_b;
grant select on pg_statistic, pg_authid to pair_a;

--- table: grants of everything, of columns, with the option
create table t (a int, b int);
grant all on t to pair_b;
create sequence s;
-->
revoke all on t from pair_b;
grant select, insert (a) on t to pair_b;
grant all on t to pair_a with grant option;
grant all on s to pair_b;
revoke all on s from current_user;

--- system object: grants
grant execute on function pg_ls_waldir() to pair_a with grant option;
-->
revoke grant option for execute on function pg_ls_waldir() from pair_a;
grant execute on function pg_ls_waldir() to public;

--- system object: grants
grant create on schema pg_catalog to pair_b;
-->
revoke create on schema pg_catalog from pair_b;
grant create on schema pg_catalog to pair_a;

--- base type: delimiter
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create type b (input = b_in, output = b_out, like = integer);
create table t (a b not null, c b[] default '{1,2}', d integer);
create view v as select a, c from t;
comment on column t.a is 'kept';
grant select (a) on t to pair_b;
-->
drop view v;
drop table t;
drop type b cascade;
create type b;
create function b_in(cstring) returns b immutable strict language internal as 'int4in';
create function b_out(b) returns cstring immutable strict language internal as 'int4out';
create type b (input = b_in, output = b_out, like = integer, delimiter = ';');
create table t (a b not null, c b[] default '{1;2}', d integer);
create view v as select a, c from t;
comment on column t.a is 'kept';
grant select (a) on t to pair_b;

--- range type: subtype_diff
create type r as range (subtype = float8);
create table t (a r default '[1,2)', b r[] not null);
-->
drop table t;
drop type r;
create type r as range (subtype = float8, subtype_diff = float8mi);
create table t (a r default '[1,3)', b r[] not null);
