--- column: type since 15
create table t (a integer, b text);
create view v as select a, b from t;
create view w with (security_invoker = true) as select a from v where a > 1;
grant select on w to pair_b;
comment on column w.a is 'a of w';
alter view v alter b set default 'x';
-->
drop view v cascade;
alter table t alter a type bigint;
create view v as select a, b from t;
create view w with (security_invoker = true) as select a from v where a > 1;
grant select on w to pair_b;
comment on column w.a is 'a of w';
alter view v alter b set default 'x';

--- column: type
create table t (a integer default 5, b text default '7');
create materialized view m as select a from t;
create materialized view n as select a, count(*) as c from m group by a;
create unique index i on n (a);
create index j on m (a);
cluster n using i;
alter materialized view n owner to pair_a;
-->
drop materialized view m cascade;
alter table t alter a drop default, alter b drop default;
alter table t alter a type text, alter b type integer using b::integer;
alter table t alter a set default 'x', alter b set default 8;
create materialized view m as select a from t;
create materialized view n as select a, count(*) as c from m group by a;
create unique index i on n (a);
create index j on m (a);
alter materialized view n cluster on i;
alter materialized view n owner to pair_a;

--- column: type
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before update of a on t for each row when (old.a > 1) execute function f();
alter table t disable trigger g;
create policy p on t for select to pair_b using (a > 1);
create rule r as on update to t where new.a > 1 do also delete from t where a = 0;
comment on trigger g on t is 'g';
comment on policy p on t is 'p';
comment on rule r on t is 'r';
-->
drop trigger g on t;
drop policy p on t;
drop rule r on t;
alter table t alter a type bigint;
create trigger g before update of a on t for each row when (old.a > 1) execute function f();
alter table t disable trigger g;
create policy p on t for select to pair_b using (a > 1);
create rule r as on update to t where new.a > 1 do also delete from t where a = 0;
comment on trigger g on t is 'g';
comment on policy p on t is 'p';
comment on rule r on t is 'r';

--- column: type
create table t (a integer, b integer generated always as (a + 1) stored, c integer);
create index i on t (b);
create view v as select b, c from t;
-->
drop view v;
alter table t drop b;
alter table t alter a type bigint;
alter table t add b bigint generated always as (a + 1) stored;
create index i on t (b);
create view v as select b, c from t;

--- column: type
create table u (a integer primary key);
create table t (a integer references u, b integer unique check (b > 0));
create index i on t ((a + b)) where b > 1;
-->
alter table t drop constraint t_a_fkey;
alter table u alter a type bigint;
alter table t alter a type bigint;
alter table t add foreign key (a) references u;

--- column: type
create table u (a integer primary key);
create table t (a integer references u);
-->
alter table t drop constraint t_a_fkey;
alter table u alter a type text;
alter table t alter a type text;
alter table t add foreign key (a) references u;

--- column: type
create table t (a boolean, b integer, c text, d timestamp, e varchar(10), f numeric(10,2), g integer[], h text, i json);
-->
drop table t;
create table t (a integer, b boolean, c date, d timestamptz, e varchar(20), f numeric(12,3), g bigint[], h integer[], i jsonb);

--- column: type
create table t (a uuid, b inet, c bytea, d interval, e point, f date);
-->
drop table t;
create table t (a text, b cidr, c text, d text, e text, f integer);

--- column: type
create table t (a serial primary key, b smallserial);
-->
alter table t alter a type bigint, alter b type integer;
alter sequence t_a_seq as bigint;

--- column: type
create table t (a integer generated always as identity, b integer);
-->
alter table t alter a type bigint;

--- column: type since 14
create table t (a integer);
create function f() returns bigint language sql begin atomic select sum(a) from t; end;
create view v as select f();
-->
drop view v;
drop function f;
alter table t alter a type bigint;
create function f() returns numeric language sql begin atomic select sum(a) from t; end;
create view v as select f();

--- column: collation
create table t (a text primary key, b text collate "C");
create view v as select a from t;
create index i on t (b);
-->
drop view v;
alter table t alter a type text collate "C", alter b type text;
create view v as select a from t;

--- column: type
create table t (a varchar(10), b char(3), c numeric(5,2), d bit(3), e timestamp(3));
-->
alter table t alter a type varchar(5), alter b type char(5), alter c type numeric(4,1), alter d type bit(5) using d::bit(5), alter e type timestamp;

--- constraint: exists
create table t (a integer, b integer, c integer, constraint k unique (a, b), check (b > c));
create index i on t (b, c);
create view v as select a from t;
create view w as select b from t;
-->
drop view w;
alter table t drop b;
alter table t add b text;
create view w as select b from t;

--- column: exists
create table t (a integer);
create view v as select * from t;
-->
alter table t add b text default 'x', add c integer not null default 0;
create or replace view v as select * from t;

--- view: definition
create table t (a integer, b integer);
create view v as select a from t;
create view w as select a from v;
grant select on v to pair_b;
-->
create or replace view v as select a, b from t;

--- view: definition
create table t (a integer, b integer);
create view v as select a, b from t;
create view w as select a from v;
create function f(v) returns integer language sql as 'select 1';
grant select on v to pair_b;
grant select (a) on w to pair_b;
comment on view w is 'w';
-->
drop function f;
drop view v cascade;
create view v as select b, a from t;
create view w as select a from v;
create function f(v) returns integer language sql as 'select 1';
grant select on v to pair_b;
grant select (a) on w to pair_b;
comment on view w is 'w';

--- view: exists
create table t (a integer, b integer);
create view v as select a, b from t;
create view w as select a from v;
create rule r as on insert to v do instead insert into t values (new.a, new.b);
-->
drop view w;
drop view v;
create table v (a integer, b integer);
create view w as select a from v;

--- table: exists
create table t (a integer primary key);
create table u (a integer references t);
create view v as select * from t;
-->
drop view v;
drop table u, t;
create view t as select 1 as a;
create view v as select * from t;

--- view: exists
create table t (a integer primary key, b text);
-->
create view v as select a, b from t group by a;

--- constraint: definition
create table t (a integer, b text, constraint k primary key (a));
create view v as select a, b from t group by a;
create table u (a integer references t);
-->
drop view v;
alter table t drop constraint k cascade;
alter table t add constraint k primary key (a) deferrable;
create view v as select a from t;

--- rule: exists
create table t (a integer);
create view v as select a from t;
create view w as select a from v;
-->
create rule r as on insert to v do instead insert into t select * from w where w.a = new.a;
create rule s as on insert to w do instead insert into v values (new.a);

--- rule: definition
create table t (a integer);
create table log (a integer, b text);
create rule r as on insert to t do also insert into log values (new.a, 'x');
-->
alter table log add c date;
create or replace rule r as on insert to t do also insert into log values (new.a, 'y', now());

--- materialized view: definition
create table t (a integer);
create materialized view m as select a from t;
create view v as select * from m;
create index i on m (a);
comment on index i is 'i';
comment on column m.a is 'a';
grant select on m to pair_b;
-->
drop materialized view m cascade;
create materialized view m as select a from t where a > 0;
create view v as select * from m;
create index i on m (a);
comment on index i is 'i';
comment on column m.a is 'a';
grant select on m to pair_b;

--- materialized view: exists
create table t (a integer);
create materialized view v as select a from t;
create view w as select * from v;
-->
drop view w;
drop materialized view v;
create view v as select a from t;
create view w as select * from v;

--- default: definition
create table t (a integer, b integer generated always as (a * 2) stored);
create view v as select b from t;
create index i on t (b);
-->
drop view v;
alter table t drop b;
alter table t add b integer generated always as (a * 3) stored;
create view v as select b from t;
create index i on t (b);

--- column: generated since 13
create table t (a integer, b integer generated always as (a * 2) stored);
create view v as select b from t;
-->
alter table t alter b drop expression;

--- column: generated
create table t (a integer, b integer, c text);
create index i on t (b);
-->
alter table t drop b;
alter table t add b integer generated always as (a * 2) stored;
create index i on t (b);

--- column: generated since 18
create table t (a integer, b integer generated always as (a * 2) stored);
create view v as select b from t;
-->
drop view v;
alter table t drop b;
alter table t add b integer generated always as (a * 2) virtual;
create view v as select b from t;

--- default: definition since 18
create table t (a integer, b integer generated always as (a * 2));
create view v as select b from t;
-->
alter table t alter b set expression as (a * 3);

--- policy: using
create table t (a integer);
create policy p on t using (a > 0) with check (a < 5);
create policy q on t for insert with check (a > 1);
alter table t enable row level security, force row level security;
-->
drop policy p on t;
create policy p on t to pair_a, pair_b using (a > 1);
alter policy q on t with check (a > 2);

--- policy: exists
create table t (a integer);
create table m (b integer);
-->
create function f(integer) returns boolean language sql as 'select true';
create policy p on t using (f(a) and exists (select from m where b = a));
alter table t enable row level security;

--- trigger: exists
create table t (a integer);
-->
create table u (a integer);
create function f() returns trigger language plpgsql as 'begin insert into u select new.a; return new; end';
create trigger g after insert on t referencing new table as n for each statement execute function f('x', 'y');
create constraint trigger h after insert on t deferrable initially deferred for each row execute function f();

--- function: exists
-->
set local check_function_bodies = off;
create function f() returns bigint language sql as 'select count(*) from t';
create table t (a bigint default f());

--- function: exists
-->
create table t (a integer, b text);
create function f(x t) returns text language sql as 'select x.b';
create function g(x integer) returns t language sql as 'select * from t where a = x';
create function h(integer) returns setof t language sql as 'select g($1)';
create index i on t ((b || 'x'));
create view v as select f(t) from t;

--- function: exists
-->
create table t (a integer);
create function f() returns integer language sql as 'select a from t';
create function a() returns integer language sql as 'select f() + 1';
create function p() returns void language plpgsql as 'declare r t%rowtype; begin select * into r from t; end';

--- function: arguments
create function f(a integer, b text default 'x, y') returns integer language sql as 'select 1';
create view v as select f(1, 'x');
-->
create or replace function f(a integer default 7, b text default 'z, "q"') returns integer language sql as 'select 1';

--- function: arguments
create function f(a integer, b text) returns integer language sql as 'select 1';
create view v as select f(1, 'x');
create table t (a integer default f(2, 'y'), check (f(a, 'z') > 0));
grant execute on function f to pair_b;
comment on function f is 'f';
-->
drop table t;
drop view v;
drop function f;
create function f(x integer, b text) returns integer language sql as 'select 1';
create view v as select f(1, 'x');
create table t (a integer default f(2, 'y'), check (f(a, 'z') > 0));
grant execute on function f to pair_b;
comment on function f is 'f';

--- function: result
create function f(integer) returns integer immutable language sql as 'select 1';
create table t (a integer);
create index i on t (f(a));
create view v as select f(a) from t;
-->
drop function f cascade;
create function f(integer) returns bigint immutable language sql as 'select 1::bigint';
create index i on t (f(a));
create view v as select f(a) from t;

--- function: exists
create function f(integer) returns integer language sql as 'select 1';
-->
drop function f;
create procedure f(integer) language sql as 'select 1';

--- function: body
create function f(integer) returns integer immutable language sql as 'select 1';
create table t (a integer, b integer generated always as (f(a)) stored, check (f(a) > 0));
create index i on t (f(a));
-->
create or replace function f(integer) returns integer immutable language sql as 'select 2';

--- function: sql_body since 14
create table t (a integer);
create function f() returns integer language sql begin atomic select a from t; end;
create function g() returns integer language sql begin atomic select f(); end;
-->
create table u (a integer);
create or replace function f() returns integer language sql begin atomic select a from u; end;
drop table t;

--- procedure: exists since 14
-->
create procedure f(integer, out b text) language plpgsql as 'begin b := ''x''; end';
create procedure f(text, inout b text default 'q') language sql as 'select ''x''';

--- sequence: start
create table t (a serial);
-->
alter sequence t_a_seq minvalue 100 start 100 restart;

--- sequence: increment
create sequence s;
-->
alter sequence s increment -1 minvalue -100 maxvalue -1 start -1 restart;

--- sequence: type
create sequence s;
create table t (a integer default nextval('s'));
-->
alter sequence s as smallint maxvalue 100 cycle cache 5;

--- sequence: owned_by
create sequence s;
create table t (a integer default nextval('s'), b integer);
alter sequence s owned by t.a;
-->
alter sequence s owned by t.b;

--- sequence: identity
create table t (a serial primary key, b text);
insert into t (b) values ('x'), ('y');
-->
alter table t alter a drop default;
drop sequence t_a_seq;
alter table t alter a add generated by default as identity;

--- sequence: exists
create table t (a integer, b text);
-->
alter table t alter a set not null;
alter table t alter a add generated always as identity (sequence name own start with 10 increment by 5);

--- sequence: exists
create table t (a integer, b text);
-->
create sequence s owned by t.a;
alter table t alter a set default nextval('s');

--- sequence: start
create table t (a integer generated always as identity);
-->
alter table t alter a set generated by default set start with 5 set increment by 2;

--- sequence: owner
create table t (a serial);
-->
alter table t owner to pair_a;

--- sequence: exists
create table t (a serial, b text);
-->
drop table t;
create table u (a bigserial, b text);

--- sequence: exists
create table t (a serial, b text);
create view v as select * from t;
-->
drop view v;
alter table t drop a;
create view v as select * from t;

--- column: type
create table t (a integer, b text);
create table u (x t, y t[], z integer);
-->
drop table u;
alter table t alter a type bigint;
create table u (x t, y t[], z integer);

--- attribute: exists
create type c as (a integer);
create table t of c;
create view v as select * from t;
-->
alter type c add attribute b text cascade;

--- attribute: type
create type c as (a integer, b text);
create table t of c (primary key (a));
-->
alter type c alter attribute a type bigint cascade;

--- attribute: exists
create type c as (a integer, b text);
create table t of c;
-->
alter type c drop attribute a cascade;

--- enum: values
create type e as enum ('a', 'b');
create type c as (x e);
create table t of c;
-->
drop table t;
drop type c;
drop type e;
create type e as enum ('b', 'a');
create type c as (x e);
create table t of c;

--- table: exists
create table t (a integer primary key, b text);
create table u (like t including all);
create view v as select * from u;
-->
drop view v;
drop table u;
create table "U x" (like t including all);
create view "V x" as select * from "U x";
create index "i x" on "U x" (b, lower(b));
create function "f x"(t) returns text language sql as 'select $1.b';

--- table: unlogged
create table t (a serial primary key, b text);
create table u (a integer references t);
-->
alter table u set unlogged;

--- column: exists
create table t (a integer, b integer, c integer);
create index i on t (a, b);
create statistics s on a, b from t;
create view v as select c from t;
grant select (b, c) on t to pair_b;
comment on column t.b is 'b';
-->
alter table t drop b;

--- view: definition
create table t (a integer);
create function f() returns setof t language sql as 'select * from t';
create view v as select * from f();
-->
drop view v;
alter table t add b text;
create view v as select a from f();

--- view: definition
create table t (a integer);
create view v as select a from t;
create function f() returns setof v language plpgsql as 'begin return query select * from v; end';
create trigger g instead of insert on v for each row execute function suppress_redundant_updates_trigger();
-->
drop function f;
drop view v;
create view v as select a::text from t;
create function f() returns setof v language plpgsql as 'begin return query select * from v; end';

--- domain: exists
create domain d as integer default 3 not null check (value > 0);
create table t (a d, b d[], primary key (a));
create function f(d) returns d language sql as 'select $1';
-->
drop function f;
drop table t;
drop domain d;
create table t (a integer, b integer[], primary key (a));
