--- table: exists
-->
create table t (a integer);

--- table: exists
create table t (a integer);
-->
alter table t rename to "T 2";

--- table: exists
create table t ();
-->
drop table t;

--- table: unlogged
create table t (a integer);
-->
alter table t set unlogged;

--- table: options
create table t (a integer);
-->
alter table t set (fillfactor = 70);

--- table: options
create table t (a integer) with (fillfactor = 70, autovacuum_enabled = false);
-->
alter table t reset (fillfactor);

--- table: toast_options
create table t (a text);
-->
alter table t set (toast.autovacuum_enabled = false);

--- table: access_method
create access method pair_am_5 type table handler heap_tableam_handler;
create table t (a text);
-->
drop table t;
create table t (a text) using pair_am_5;

--- table: row_security
create table t (a text);
-->
alter table t enable row level security;

--- table: force_row_security
create table t (a text);
alter table t enable row level security;
-->
alter table t force row level security;

--- table: replica_identity
create table t (a text);
-->
alter table t replica identity full;

--- table: replica_identity
create table t (a text);
alter table t replica identity full;
-->
alter table t replica identity nothing;

--- table: replica_identity
create table t (a text not null unique);
-->
alter table t replica identity using index t_a_key;

--- table: partition_key
create table t (a integer, b integer);
-->
drop table t;
create table t (a integer, b integer) partition by range (a);

--- table: partition_key
create table t (a integer, b integer) partition by range (a);
-->
drop table t;
create table t (a integer, b integer) partition by list (a);

--- table: partition_key
create table t (a integer, b text) partition by hash (a);
-->
drop table t;
create table t (a integer, b text) partition by hash (a, lower(b));

--- table: partition_bound
create table t (a integer) partition by range (a);
create table p partition of t for values from (1) to (10);
-->
alter table t detach partition p;
alter table t attach partition p for values from (1) to (20);

--- table: partition_bound
create table t (a text) partition by list (a);
create table p partition of t for values in ('a', 'b');
-->
alter table t detach partition p;
alter table t attach partition p default;

--- table: inherits
create table t (a integer) partition by hash (a);
create table p partition of t for values with (modulus 2, remainder 0);
-->
alter table t detach partition p;

--- table: inherits
create table t (a integer);
create table c (a integer);
-->
alter table c inherit t;

--- table: inherits
create table t (a integer);
create table u (a integer);
create table c () inherits (t, u);
-->
alter table c no inherit u;

--- table: of_type
create type ty as (a integer);
create table t (a integer);
-->
alter table t of ty;

--- table: owner
create table t (a integer);
-->
alter table t owner to pair_a;

--- table: grants
create table t (a integer);
-->
grant select on t to pair_a;

--- table: grants
create table t (a integer);
grant select on t to pair_a;
-->
grant select on t to public;

--- table: grants
create table t (a integer);
grant select, insert on t to pair_a;
-->
revoke insert on t from pair_a;

--- table: grants
create table t (a integer);
-->
revoke truncate on t from current_user;

--- table: grants since 17
create table t (a integer);
-->
grant maintain on t to pair_a;

--- table: comment
create table t (a integer);
-->
comment on table t is 'c';

--- foreign table: exists
create foreign data wrapper pair_fdw_t1;
create server pair_server_t1 foreign data wrapper pair_fdw_t1;
-->
create foreign table t (a integer) server pair_server_t1;

--- foreign table: server
create foreign data wrapper pair_fdw_t2;
create server pair_server_t2 foreign data wrapper pair_fdw_t2;
create server pair_server_t3 foreign data wrapper pair_fdw_t2;
create foreign table t (a integer) server pair_server_t2;
-->
drop foreign table t;
create foreign table t (a integer) server pair_server_t3;

--- foreign table: foreign_options
create foreign data wrapper pair_fdw_t3;
create server pair_server_t4 foreign data wrapper pair_fdw_t3;
create foreign table t (a integer) server pair_server_t4 options (b 'x');
-->
alter foreign table t options (set b 'y', add a 'it''s');

--- column: foreign_options
create foreign data wrapper pair_fdw_t4;
create server pair_server_t5 foreign data wrapper pair_fdw_t4;
create foreign table t (a integer) server pair_server_t5;
-->
alter foreign table t alter a options (add column_name 'x');

--- column: exists
create table t (a integer);
-->
alter table t add b text;

--- column: exists
create table t (a integer, b text);
-->
alter table t drop b;

--- column: exists
create table t (a integer, b text);
-->
alter table t rename b to "B b";

--- column: type
create table t (a integer);
-->
alter table t alter a type bigint;

--- column: type
create table t (a varchar(10));
-->
alter table t alter a type varchar(20);

--- column: type
create table t (a numeric(10, 2), b timestamp(3), c interval hour to minute, d bit(3));
-->
alter table t alter a type numeric(10, 3), alter b type timestamp(6), alter c type interval second(2), alter d type bit varying(3);

--- column: type
create type e as enum ('a');
create table t (a e, b e[]);
-->
alter table t alter b type text[];

--- column: collation
create table t (a text);
-->
alter table t alter a type text collate "C";

--- column: not_null
create table t (a text);
-->
alter table t alter a set not null;

--- column: identity
create table t (a integer not null);
-->
alter table t alter a add generated always as identity;

--- column: identity
create table t (a integer generated always as identity);
-->
alter table t alter a set generated by default;

--- column: identity
create table t (a integer generated by default as identity);
-->
alter table t alter a drop identity;

--- column: generated
create table t (a integer, b integer);
-->
alter table t drop b;
alter table t add b integer generated always as (a + 1) stored;

--- column: generated
create table t (a integer, b integer generated always as (a + 1) stored);
-->
alter table t drop b;
alter table t add b integer;

--- column: generated since 18
create table t (a integer, b integer generated always as (a + 1) stored);
-->
alter table t drop b;
alter table t add b integer generated always as (a + 1) virtual;

--- default: definition since 17
create table t (a integer, b integer generated always as (a + 1) stored);
-->
alter table t alter b set expression as (a + 2);

--- column: storage
create table t (a text);
-->
alter table t alter a set storage external;

--- column: storage
create table t (a text);
-->
alter table t alter a set storage main;

--- column: storage
create table t (a text);
-->
alter table t alter a set storage plain;

--- column: storage
create table t (a numeric);
-->
alter table t alter a set storage extended;

--- column: compression since 14
create table t (a text);
-->
alter table t alter a set compression pglz;

--- column: statistics
create table t (a text);
-->
alter table t alter a set statistics 7;

--- column: statistics
create table t (a text);
-->
alter table t alter a set statistics 0;

--- column: options
create table t (a text);
-->
alter table t alter a set (n_distinct = 7);

--- column: options
create table t (a text);
alter table t alter a set (n_distinct = 7);
-->
alter table t alter a set (n_distinct_inherited = 7);

--- column: inherited
create table t (a integer);
create table c (a integer) inherits (t);
-->
drop table c;
create table c () inherits (t);

--- column: grants
create table t (a text);
-->
grant select (a) on t to pair_a;

--- column: grants
create table t (a text);
grant select (a), update (a) on t to pair_a;
-->
revoke update (a) on t from pair_a;

--- column: comment
create table t (a text);
-->
comment on column t.a is 'c';

--- default: exists
create table t (a text);
-->
alter table t alter a set default 'x';

--- default: definition
create table t (a text default 'x');
-->
alter table t alter a set default 'y';

--- default: exists
create table t (a text default 'x');
-->
alter table t alter a drop default;

--- default: definition
create function f() returns integer language sql as 'select 1';
create table t (a integer default 1, b bytea default '\x00', c interval default '1 day 02:03', d timestamptz default '2020-01-01 00:00:00+02', e float8 default 0.1);
-->
alter table t alter a set default f() + 1;

--- not null: exists since 18
create table t (a text);
-->
alter table t alter a set not null;

--- not null: constraint_name since 18
create table t (a text constraint must_be not null);
-->
alter table t rename constraint must_be to has_to_be;

--- not null: no_inherit since 18
create table t (a text not null);
-->
alter table t alter constraint t_a_not_null no inherit;

--- not null: not_valid since 18
create table t (a text);
alter table t add not null a not valid;
-->
alter table t validate constraint t_a_not_null;

--- not null: comment since 18
create table t (a text not null);
-->
comment on constraint t_a_not_null on t is 'c';

--- same: not-null-name since 18
create table t (a text not null);
-->
alter table t rename constraint t_a_not_null to u_a_not_null;

--- table: exists before 18 undumped
create table a (x integer not null, y text not null);
-->
create table b () inherits (a);
alter table b alter x drop not null;
create table c (z integer) inherits (b);
