--- index: exists
create table t (a integer, b text) partition by list (a);
create table t0 partition of t for values in (1);
create table t1 partition of t for values in (2);
-->
create index i on t (b);

--- index: exists
create table t (a integer, b text) partition by list (a);
create table t0 partition of t for values in (1);
-->
create index i on only t (b);
create index own on t0 (b);
alter index i attach partition own;

--- index: exists
create table t (a integer, b text) partition by list (a);
create table t0 partition of t for values in (1);
create table t1 partition of t for values in (2);
-->
create index i on only t (lower(b), a desc);
create index own on t0 (lower(b), a desc);
alter index i attach partition own;
create index t1_other on t1 (lower(b), a desc);
alter index i attach partition t1_other;

--- index: exists
create table t (a integer, b text) partition by list (a);
create index i on t ((b || 'x'));
-->
create table t0 partition of t for values in (1);

--- index: exists
create table t (a integer not null, b text check (b <> ''), c integer default 7) partition by list (a);
create index i on t (b);
-->
create table t0 (a integer not null, b text check (b <> ''), c integer default 7);
alter table t0 rename constraint t0_b_check to t_b_check;
create index own on t0 (b);
alter table t attach partition t0 for values in (1);

--- table: exists
create table t (a integer primary key, b text) partition by list (a);
create index i on t (b);
-->
create table t0 partition of t for values in (1);
create table t1 partition of t default;

--- constraint: exists
create table t (a integer, b text) partition by list (a);
create table t0 partition of t for values in (1);
create table t1 partition of t for values in (2);
-->
alter table t add primary key (a);

--- constraint: exists
create table t (a integer not null, b text) partition by list (a);
create table t0 partition of t for values in (1);
-->
alter table only t add constraint k unique (a);
alter table t0 add constraint own unique (a);
alter index k attach partition own;

--- constraint: exists
create table t (a integer primary key, b text) partition by list (a);
-->
create table t0 (a integer not null constraint mine primary key, b text);
alter table t attach partition t0 for values in (1);

--- constraint: definition
create table t (a integer, b integer, constraint k unique (a)) partition by list (a);
create table t0 partition of t for values in (1);
-->
alter table t drop constraint k, add constraint k unique (a, b);

--- table: partition_bound
create table t (a integer primary key, b text) partition by list (a);
create table t0 partition of t for values in (1);
create index i on t (b);
create view v as select * from t0;
-->
alter table t detach partition t0;
alter table t attach partition t0 for values in (1, 2);

--- table: partition_bound
create table t (a integer) partition by range (a);
create table t0 partition of t for values from (1) to (10);
create table t1 partition of t for values from (10) to (20);
create table td partition of t default;
-->
alter table t detach partition t0;
alter table t detach partition t1;
alter table t attach partition t0 for values from (1) to (15);
alter table t attach partition t1 for values from (15) to (20);

--- table: inherits
create table t (a integer primary key, b text) partition by list (a);
create table t0 partition of t for values in (1);
create index i on t (b);
-->
alter table t detach partition t0;

--- table: inherits
create table t (a integer, b text check (b <> '')) partition by list (a);
create table u (a integer, b text check (b <> ''));
-->
alter table u rename constraint u_b_check to t_b_check;
alter table t attach partition u for values in (1);

--- table: exists
create table t (a integer primary key, b text) partition by list (a);
create index i on t (b);
create table t0 partition of t for values in (1);
-->
alter table t detach partition t0;
drop table t;

--- table: exists
-->
create table t (a integer, b integer, primary key (a, b)) partition by list (a);
create table t1 partition of t for values in (1) partition by range (b);
create table t11 partition of t1 for values from (1) to (2);
create table t12 partition of t1 default;
create index i on t (b);

--- table: exists
create table t (a integer, b integer, primary key (a, b)) partition by list (a);
create table t1 partition of t for values in (1) partition by range (b);
-->
create table t11 partition of t1 for values from (1) to (2);
create index i on t (b);

--- column: exists
create table t (a integer, b integer) partition by list (a);
create table t1 partition of t for values in (1) partition by range (b);
create table t11 partition of t1 for values from (1) to (2);
-->
alter table t add c text not null default 'x';

--- column: exists
create table t (a integer) partition by list (a);
create table u (a integer);
-->
alter table t add c text;
alter table u add c text;
alter table t attach partition u for values in (1);

--- column: type
create table t (a integer, b integer default 3) partition by list (a);
create table t1 partition of t for values in (1);
create table t2 partition of t for values in (2);
alter table t2 alter b set default 4;
create view v as select b from t1;
-->
drop view v;
alter table t alter b drop default;
alter table t alter b type text;
alter table t1 alter b set default 'x';
create view v as select b from t1;

--- column: type
create table t (a integer, b integer) partition by list (a);
create table t1 partition of t for values in (1);
-->
drop table t;
create table t (a text, b integer) partition by list (a);
create table t1 partition of t for values in ('1');

--- default: exists
create table t (a integer, b integer) partition by list (a);
create table t1 partition of t for values in (1);
-->
alter table t alter b set default 1;

--- default: exists
create table t (a integer, b integer default 5) partition by list (a);
create table t1 partition of t for values in (1);
-->
alter table only t alter b drop default;

--- constraint: exists
create table u (a integer primary key);
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create table t2 partition of t for values in (2);
-->
alter table t add constraint k foreign key (a) references u;

--- constraint: exists
create table u (a integer primary key) partition by list (a);
create table u1 partition of u for values in (1);
create table t (a integer);
-->
alter table t add constraint k foreign key (a) references u;

--- constraint: definition
create table u (a integer, b integer, constraint p primary key (a)) partition by list (a);
create table u1 partition of u for values in (1);
create table t (a integer, b integer, constraint k foreign key (a) references u);
-->
alter table t drop constraint k;
alter table u drop constraint p;
alter table u add constraint p primary key (a, b);
alter table t add constraint k foreign key (a, b) references u;

--- table: exists
create table u (a integer primary key) partition by list (a);
create table t (a integer references u);
-->
create table u1 partition of u for values in (1);
create table u2 partition of u default;

--- table: exists
create table u (a integer primary key);
-->
create table t (a integer references u, b integer not null) partition by list (a);
create table t1 partition of t for values in (1);
create table t2 partition of t default;

--- trigger: exists
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create trigger g after insert on t for each row execute function f();

--- trigger: definition
create function f() returns trigger language plpgsql as 'begin return new; end';
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create trigger g after insert on t for each row execute function f();
-->
drop trigger g on t;
create trigger g after insert or update on t for each row execute function f();

--- trigger: exists since 13
create function f() returns trigger language plpgsql as 'begin return new; end';
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create trigger g after insert on t for each row execute function f();
-->
alter table t1 disable trigger g;

--- table: inherits
create function f() returns trigger language plpgsql as 'begin return new; end';
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create trigger g after insert on t for each row execute function f();
-->
alter table t detach partition t1;

--- index: definition
create table t (a integer, b text) partition by list (a);
create table t1 partition of t for values in (1);
create index i on t (b);
-->
drop index i;
create index i on t (b desc);

--- index: exists
create table t (a integer, b text) partition by list (a);
create table t1 partition of t for values in (1);
create index i on t (b);
-->
drop index i;
create index t1_b_idx on t1 (b);

--- constraint: exists
create table t (a integer, b text) partition by list (a);
create table t1 partition of t for values in (1);
-->
alter table t add constraint c check (a > 0);
alter table t1 add constraint d check (b <> '');

--- column: not_null
create table t (a integer, b text) partition by list (a);
create table t1 partition of t for values in (1);
-->
alter table t1 alter b set not null;

--- column: not_null
create table t (a integer, b text) partition by list (a);
create table t1 partition of t for values in (1);
-->
alter table t alter b set not null;

--- table: exists
create table t (a integer, b text) partition by list (a);
-->
create table t1 partition of t (b not null default 'z', constraint d check (b <> '')) for values in (1);

--- table: partition_key
create table t (a integer, b integer);
create view v as select * from t;
-->
drop view v;
drop table t;
create table t (a integer, b integer) partition by hash (a);
create table t0 partition of t for values with (modulus 1, remainder 0);
create view v as select * from t;

--- table: owner
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
grant select on t1 to pair_b;
comment on table t1 is 'one';
-->
alter table t owner to pair_a;
alter table t1 owner to pair_a;
drop table t1;
create table t1 partition of t for values in (1, 2);
comment on table t1 is 'uno';

--- column: exists
create table t (a integer generated always as identity, b integer) partition by list (b);
create table t1 partition of t for values in (1);
-->
create table t2 partition of t for values in (2);

--- index: clustered
create table t (a integer, b text) partition by list (a);
create table t1 partition of t for values in (1);
create index i on t (b);
-->
alter table t1 cluster on t1_b_idx;

--- index: replica_identity
create table t (a integer primary key) partition by list (a);
create table t1 partition of t for values in (1);
-->
alter table t1 replica identity using index t1_pkey;

--- index: comment
create table t (a integer primary key, b integer) partition by list (a);
create table t1 partition of t for values in (1);
-->
create index i on t (b);
comment on index t1_b_idx is 'one';
comment on index t1_pkey is 'two';

--- table: inherits
create table u (a integer primary key);
create table t (a integer references u, b text check (b <> '')) partition by list (a);
create table t1 partition of t for values in (1);
-->
alter table t detach partition t1;

--- table: inherits
create table u (a integer primary key);
create table t (a integer references u, b text check (b <> '')) partition by list (a);
create table t1 partition of t for values in (1);
-->
alter table t detach partition t1;
alter table t1 drop constraint t_a_fkey, drop constraint t_b_check, add constraint x check (b <> 'x');

--- table: inherits
create table t (a integer, b text check (b <> ''));
create table c (a integer, b text, c integer);
create view v as select * from t;
-->
alter table c add constraint t_b_check check (b <> '');
alter table c inherit t;

--- table: inherits
create table t (a integer);
create table u (b text);
create table c (c integer) inherits (t, u);
-->
alter table c no inherit t;

--- table: exists
-->
create table t (a integer not null, b text default 'x' check (b <> ''));
create table c (b text default 'y', c integer) inherits (t);
create table d (check (a > 0)) inherits (c);
create index i on c (b);

--- column: exists
create table t (a integer);
create table c (c integer) inherits (t);
create view v as select * from c;
-->
alter table t add b text default 'x' not null;

--- column: type
create table t (a integer, b integer);
create table c (c integer) inherits (t);
create view v as select * from c;
-->
drop view v;
alter table t alter b type bigint;
create view v as select * from c;

--- constraint: exists
create table t (a integer, b integer);
create table c (c integer) inherits (t);
-->
alter table t add constraint k check (b > 0);
alter table t add constraint l check (a > 0) no inherit;

--- column: not_null
create table t (a integer, b integer);
create table c (c integer) inherits (t);
-->
alter table t alter a set not null;
alter table c alter b set not null;

--- column: not_null
create table t (a integer not null, b integer);
create table c (c integer) inherits (t);
-->
alter table t alter a drop not null;

--- table: exists
create table r (a integer);
-->
create table t (id bigint not null primary key, up bigint, foreign key (up) references t (id)) partition by range (id);
create table t3 (id bigint not null primary key, up bigint) partition by range (id);
create table t32 partition of t3 for values from (20) to (30);
alter table t attach partition t3 for values from (30) to (40);

--- table: exists
create table r (a integer);
-->
create table t (a integer primary key) partition by list (a);
create table t1 partition of t for values in (1) partition by list (a);
create table t11 partition of t1 for values in (1);
create table k (a integer) partition by list (a);
create table k1 partition of k for values in (1) partition by list (a);
create table k11 partition of k1 for values in (1);
alter table k add foreign key (a) references t;
create table t3 (a integer not null) partition by list (a);
create table t31 partition of t3 for values in (31);
alter table t attach partition t3 for values in (31, 32);

--- index: exists
create table r (a integer);
-->
create table t (a integer) partition by list (a);
create table t0 partition of t for values in (1);
alter table t0 add primary key (a);
create unique index on t (a);

--- index: exists
create table t (a integer) partition by list (a);
-->
create table t0 partition of t for values in (1);
alter table t0 add primary key (a);
create unique index on t (a);

--- index: exists
create table t (a integer) partition by list (a);
create unique index on t (a);
-->
create table t0 (a integer primary key);
alter table t attach partition t0 for values in (1);

--- table: of_type
create type c as (x integer, y text);
create table v (x integer not null, y text default 'v');
-->
alter table v of c;

--- table: exists
create table t (a integer primary key) partition by list (a);
create table t1 partition of t for values in (1);
create table k (a integer references t);
-->
create table t3 (a integer not null primary key) partition by list (a);
create table t31 partition of t3 for values in (31);
alter table t attach partition t3 for values in (31, 32);

--- table: exists
create table t (id bigint not null primary key, up bigint) partition by range (id);
create table t3 (id bigint not null primary key, up bigint) partition by range (id);
-->
alter table t add foreign key (up) references t (id);
create table t32 partition of t3 for values from (20) to (30);
alter table t attach partition t3 for values from (20) to (40);

--- table: exists
create table t (a integer primary key) partition by list (a);
create table t3 (a integer not null) partition by list (a);
-->
create table t31 partition of t3 for values in (31);
alter table t attach partition t3 for values in (31, 32);
