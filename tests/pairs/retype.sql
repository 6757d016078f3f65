--- enum: values
create type e as enum ('a', 'b');
create table t (a e);
-->
drop table t;
drop type e;
create type e as enum ('a');
create table t (a e);

--- enum: values
create type e as enum ('a', 'b', 'c');
create table t (a e[], b e default 'a', c integer);
insert into t values ('{a,c}', 'c', 1);
create view v as select b, a from t;
create view w as select * from v where b = 'a';
-->
drop table t cascade;
drop type e;
create type e as enum ('c', 'b', 'a');
create table t (a e[], b e default 'a', c integer);
create view v as select b, a from t;
create view w as select * from v where b = 'a';

--- enum: values
create type e as enum ('a', 'b', 'c');
create table t (a e not null default 'a' check (a <> 'c'), b integer);
create index i on t (b) where a = 'a';
create index j on t (a);
create unique index k on t ((case a when 'a' then 1 else 2 end), b);
-->
drop table t cascade;
drop type e;
create type e as enum ('a', 'c');
create table t (a e not null default 'a' check (a <> 'c'), b integer);
create index i on t (b) where a = 'a';
create index j on t (a);
create unique index k on t ((case a when 'a' then 1 else 2 end), b);

--- enum: values
create type e as enum ('a', 'b', 'c');
create function f(e) returns e language sql as 'select $1';
create function g(a e, b e[] default '{a}') returns integer language sql as 'select 1';
create table t (a e default f('a'));
-->
drop table t;
drop function f, g;
drop type e;
create type e as enum ('x', 'a');
create function f(e) returns e language sql as 'select $1';
create function g(a e, b e[] default '{a}') returns integer language sql as 'select 1';
create table t (a e default f('a'));

--- enum: values
create type e as enum ('a', 'b');
create domain d as e check (value <> 'b');
create domain dd as d default 'a';
create table t (a d, b dd, c e);
-->
drop table t;
drop domain dd;
drop domain d;
drop type e;
create type e as enum ('b', 'a');
create domain d as e check (value <> 'b');
create domain dd as d default 'a';
create table t (a d, b dd, c e);

--- enum: values
create type e as enum ('a', 'b');
create type c as (x e, y integer);
create table t (a c, b c[]);
-->
drop table t;
drop type c;
drop type e;
create type e as enum ('b', 'a');
create type c as (x e, y integer);
create table t (a c, b c[]);

--- enum: values
create type e as enum ('a', 'b', 'c');
create type r as range (subtype = e);
create table t (a r);
-->
drop table t;
drop type r;
drop type e;
create type e as enum ('b', 'a');
create type r as range (subtype = e);
create table t (a r);

--- enum: values
create type "My e" as enum ('a=1', 'b, c', 'it''s');
create table t (a "My e");
comment on type "My e" is 'mine';
-->
drop table t;
drop type "My e";
create type "My e" as enum ('b, c', 'a=1', 'x y');
create table t (a "My e");
comment on type "My e" is 'mine';

--- enum: values
create type e as enum ('d');
-->
drop type e;
create type e as enum ('a', 'b', 'c', 'd', 'e', 'f');

--- enum: values
create type e as enum ('b', 'd');
create table t (a e default 'b');
-->
alter type e add value 'a' before 'b';
alter type e add value 'c' before 'd';
alter type e add value 'e';

--- enum: values
create type e as enum ('a', 'b');
create table u (a e primary key);
create table t (a e references u);
-->
drop table t, u;
drop type e;
create type e as enum ('b', 'a');
create table u (a e primary key);
create table t (a e references u);

--- enum: values
create type e as enum ('a', 'b');
create table t (a e, b integer) partition by list (b);
create table t0 partition of t for values in (1);
-->
drop table t cascade;
drop type e;
create type e as enum ('b', 'a');
create table t (a e, b integer) partition by list (b);
create table t0 partition of t for values in (1);

--- enum: values
create type e as enum ('a', 'b');
create table t (a e, b integer) partition by list (a);
create table t0 partition of t for values in ('a');
-->
drop table t;
drop type e;
create type e as enum ('b', 'a');
create table t (a e, b integer) partition by list (a);
create table t0 partition of t for values in ('a');

--- enum: values
create type e as enum ('a', 'b');
create table t (a e, b integer, c boolean generated always as (a = 'a') stored);
-->
drop table t;
drop type e;
create type e as enum ('b', 'a');
create table t (a e, b integer, c boolean generated always as (a = 'a') stored);

--- enum: values
create type e as enum ('a', 'b');
create table t (a e);
create materialized view m as select a, count(*) as n from t group by a;
create unique index i on m (a);
grant select on m to pair_b;
comment on materialized view m is 'counts';
-->
drop table t cascade;
drop type e;
create type e as enum ('b', 'a');
create table t (a e);
create materialized view m as select a, count(*) as n from t group by a;
create unique index i on m (a);
grant select on m to pair_b;
comment on materialized view m is 'counts';

--- enum: values
create type e as enum ('a', 'b');
create table t (a e);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before update of a on t for each row when (new.a = 'a') execute function f();
create policy p on t using (a = 'a');
create rule r as on insert to t where new.a = 'b' do instead nothing;
alter table t enable row level security;
-->
drop table t;
drop type e;
create type e as enum ('b', 'a');
create table t (a e);
create trigger g before update of a on t for each row when (new.a = 'a') execute function f();
create policy p on t using (a = 'a');
create rule r as on insert to t where new.a = 'b' do instead nothing;
alter table t enable row level security;

--- enum: owner
create type e as enum ('a', 'b');
create table t (a e);
grant usage on type e to pair_b;
-->
drop table t;
drop type e;
create type e as enum ('b', 'a');
create table t (a e);
alter type e owner to pair_a;

--- enum: exists
create type e as enum ('a', 'b');
create table t (a e default 'a');
-->
drop table t;
drop type e;
create table t (a text default 'a');

--- enum: exists
create type e as enum ('a', 'b');
create table t (a e[], b e default 'a');
-->
drop table t;
drop type e;
create type f as enum ('a', 'b');
create table t (a f[], b f default 'b');

--- domain: type
create domain d as integer;
create table t (a d, b d[]);
-->
drop table t;
drop domain d;
create domain d as text;
create table t (a d, b d[]);

--- domain: type
create domain d as varchar(10) default 'x' check (value <> 'y');
create table t (a d);
create view v as select a from t;
create function f(d) returns integer language sql as 'select 1';
-->
drop function f;
drop table t cascade;
drop domain d;
create domain d as varchar(20) default 'x' check (value <> 'y');
create table t (a d);
create view v as select a from t;
create function f(d) returns integer language sql as 'select 1';

--- domain: exists
create table t (a integer default 1);
-->
drop table t;
create domain d as integer check (value > 0);
create table t (a d default 1);

--- attribute: type
create type c as (a integer, b text);
create table t (x c, y c[]);
-->
drop table t;
drop type c;
create type c as (a bigint, b text);
create table t (x c, y c[]);

--- attribute: exists
create type c as (a integer);
create table t (x c);
-->
alter type c add attribute b text;

--- attribute: exists
create type c as (a integer);
create function f(c) returns integer language sql as 'select 1';
create view v as select null::c as x;
-->
alter type c add attribute b text;

--- attribute: position
create type c as (a integer, b text);
create function f(c) returns c language sql as 'select $1';
create table t (x integer, y c);
-->
drop table t;
drop function f;
drop type c;
create type c as (b text, a integer);
create function f(c) returns c language sql as 'select $1';
create table t (x integer, y c);

--- attribute: exists
create type c as (a integer, b text);
create table t (x c);
-->
drop table t;
drop type c;
create type c as (a integer, z date, b text);
create table t (x c);

--- attribute: type
create type c as (a integer);
create type d as (x c, y integer);
create table t (a d);
-->
drop table t;
drop type d;
drop type c;
create type c as (a text);
create type d as (x c, y integer);
create table t (a d);

--- range type: subtype
create type r as range (subtype = integer);
create table t (a r);
-->
drop table t;
drop type r;
create type r as range (subtype = bigint);
create table t (a r);

--- enum: values
create type e as enum ('b');
create table t (a e default 'b');
create function f(e default 'b') returns integer language sql as 'select 1';
-->
drop function f;
drop table t;
drop type e;
create type e as enum ('b', 'c''c', 'a');
create table t (a e default 'c''c' check (a <> 'a'));
create function f(e default 'a') returns integer language sql as 'select 1';
create view v as select a from t where a = 'a';

--- column: not_null
create table t (a integer, b integer, c integer);
-->
alter table t alter a set not null, alter b set not null, alter c set not null;
