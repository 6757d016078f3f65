--- index: constraint
create table t (a integer not null, b integer);
create unique index i on t (a);
create unique index j on t (b) include (a);
comment on index i is 'i';
alter table t cluster on i;
-->
alter table t add constraint i primary key using index i;
alter table t add constraint j unique using index j deferrable initially deferred;

--- constraint: exists
create table t (a integer, b integer);
create unique index i on t (a) where b > 0;
create table u (a integer);
-->
drop index i;
alter table t add constraint i unique (a);
alter table u add constraint k foreign key (a) references t (a);

--- constraint: definition
create table t (a integer, b integer, constraint k primary key (a));
create table u (a integer references t, b integer);
alter table t replica identity using index k;
-->
alter table u drop constraint u_a_fkey;
alter table t drop constraint k, add constraint k primary key (a, b);
alter table u add foreign key (a, b) references t;

--- constraint: exists
-->
create table t (a integer primary key, b integer);
create table u (a integer primary key, b integer references t);
alter table t add foreign key (b) references u deferrable initially deferred;

--- constraint: definition
create table t (a integer primary key, b integer references t);
-->
alter table t drop constraint t_b_fkey;
alter table t add foreign key (b) references t on delete set null on update cascade not valid;

--- constraint: definition
create table t (a integer primary key, b integer references t);
-->
alter table t alter constraint t_b_fkey deferrable initially deferred;

--- constraint: definition
create table t (a integer, b integer, constraint k unique (a), constraint c check (b > 0) not valid);
-->
alter table t drop constraint k, add constraint k unique (a) deferrable;
alter table t validate constraint c;

--- constraint: exists
create table t (a int4range, b integer);
-->
alter table t add constraint x exclude using gist (a with &&) where (b > 0);

--- constraint: exists
create table t (a integer);
create function f(integer) returns boolean immutable language sql as 'select true';
-->
create or replace function f(integer) returns boolean immutable language sql as 'select $1 > 0';
create function g(t) returns boolean immutable language sql as 'select ($1).a > 0';
alter table t add check (f(a)), add check (g(t));

--- constraint: exists since 15
create table t (a integer, b integer);
-->
alter table t add unique nulls not distinct (a, b);

--- constraint: exists since 18
create table t (a int4range, b daterange);
-->
alter table t add constraint k primary key (a, b without overlaps);

--- constraint: exists since 18
-->
create table t (a int4range, b daterange, primary key (a, b without overlaps));
create table u (a int4range, b daterange, foreign key (a, period b) references t (a, period b));

--- constraint: definition since 18
create table t (a integer primary key, b integer references t, constraint c check (b > 0));
-->
alter table t alter constraint t_b_fkey not enforced;
alter table t drop constraint c, add constraint c check (b > 0) not enforced;

--- constraint: exists since 18
-->
create table t (a integer primary key, b integer references t not enforced, constraint c check (b > 0) not enforced);

--- not null: exists since 18
-->
create table t (a integer constraint own not null no inherit, b integer primary key, c integer not null);
create table u (d integer) inherits (t);
comment on constraint t_c_not_null on t is 'c';

--- not null: constraint_name since 18
create table t (a integer not null, b integer primary key);
create table u () inherits (t);
-->
alter table t rename constraint t_a_not_null to own;

--- table: exists
create table a (x integer primary key);
create table b (x integer primary key references a);
create table c (x integer primary key references b, y integer references c);
alter table a add foreign key (x) references c;
create view v as select * from a;
-->
drop view v;
drop table a cascade;
drop table b, c;

--- table: exists
create table t (a integer);
create table u (b integer default 1 check (b > 0), t t);
-->
alter table t add b text;
create table w (x u, y t[]);

--- table: exists
-->
create table t (a integer primary key, b integer not null, c integer);
alter table t add unique (a), add constraint b_once unique (b, c), add constraint b_twice unique (b, c);

--- sequence: exists
create table t (a integer);
-->
alter table t add id bigserial not null, add n smallserial primary key;

--- constraint: exists
create table t (a integer constraint t_key primary key, b integer not null);
create table u (a integer references t);
-->
alter table u drop constraint u_a_fkey;
alter table t drop column a, add column c bigserial primary key;
