--- constraint: exists
create table t (a integer not null);
-->
alter table t add primary key (a);

--- constraint: exists
create table t (a integer, constraint k unique (a));
-->
alter table t rename constraint k to "K 2";

--- constraint: type
create table t (a integer not null);
alter table t add constraint k unique (a);
-->
alter table t drop constraint k;
alter table t add constraint k primary key (a);

--- constraint: definition
create table t (a integer not null, b integer not null, constraint k primary key (a));
-->
alter table t drop constraint k;
alter table t add constraint k primary key (a, b);

--- constraint: definition
create table t (a integer not null, b integer not null, constraint k primary key (a, b));
-->
alter table t drop constraint k;
alter table t add constraint k primary key (b, a);

--- constraint: definition
create table t (a integer, b integer, constraint k unique (a));
-->
alter table t drop constraint k;
alter table t add constraint k unique (a) include (b);

--- constraint: definition
create table t (a integer, constraint k unique (a));
-->
alter table t drop constraint k;
alter table t add constraint k unique (a) deferrable;

--- constraint: definition
create table t (a integer, constraint k unique (a) deferrable);
-->
alter table t drop constraint k;
alter table t add constraint k unique (a) deferrable initially deferred;

--- constraint: definition since 15
create table t (a integer, constraint k unique (a));
-->
alter table t drop constraint k;
alter table t add constraint k unique nulls not distinct (a);

--- constraint: definition
create table t (a integer, constraint k check (a > 0));
-->
alter table t drop constraint k;
alter table t add constraint k check (a > 1);

--- constraint: definition
create table t (a integer);
alter table t add constraint k check (a > 0) not valid;
-->
alter table t validate constraint k;

--- constraint: definition
create table t (a integer, constraint k check (a > 0));
-->
alter table t drop constraint k;
alter table t add constraint k check (a > 0) no inherit;

--- constraint: definition since 18
create table t (a integer, constraint k check (a > 0));
-->
alter table t drop constraint k;
alter table t add constraint k check (a > 0) not enforced;

--- constraint: definition
create table t (a varchar(10), constraint k check (a in ('a', 'b')));
-->
alter table t drop constraint k;
alter table t add constraint k check (a in ('a', 'b', 'c'));

--- constraint: definition
create table t (r int4range, constraint k exclude using gist (r with &&));
-->
alter table t drop constraint k;
alter table t add constraint k exclude using gist (r with =);

--- constraint: definition
create table t (r int4range, a integer, constraint k exclude using gist (r with &&));
-->
alter table t drop constraint k;
alter table t add constraint k exclude using gist (r with &&) where (a > 0);

--- constraint: exists
create table u (a integer primary key);
create table t (a integer);
-->
alter table t add constraint k foreign key (a) references u;

--- constraint: definition
create table u (a integer primary key);
create table t (a integer, constraint k foreign key (a) references u);
-->
alter table t drop constraint k;
alter table t add constraint k foreign key (a) references u on delete cascade;

--- constraint: definition
create table u (a integer primary key);
create table t (a integer, constraint k foreign key (a) references u on delete cascade);
-->
alter table t drop constraint k;
alter table t add constraint k foreign key (a) references u on delete set null on update restrict;

--- constraint: definition since 15
create table u (a integer, b integer, primary key (a, b));
create table t (a integer, b integer, constraint k foreign key (a, b) references u on delete set null);
-->
alter table t drop constraint k;
alter table t add constraint k foreign key (a, b) references u on delete set null (b);

--- constraint: definition
create table u (a integer, b integer, primary key (a, b));
create table t (a integer, b integer, constraint k foreign key (a, b) references u);
-->
alter table t drop constraint k;
alter table t add constraint k foreign key (a, b) references u match full;

--- constraint: definition
create table u (a integer primary key);
create table t (a integer, constraint k foreign key (a) references u);
-->
alter table t alter constraint k deferrable initially deferred;

--- constraint: definition
create table u (a integer primary key);
create table t (a integer);
alter table t add constraint k foreign key (a) references u not valid;
-->
alter table t validate constraint k;

--- constraint: definition
create table u (a integer primary key, b integer unique);
create table t (a integer, constraint k foreign key (a) references u);
-->
alter table t drop constraint k;
alter table t add constraint k foreign key (a) references u (b);

--- constraint: exists
create table t (a integer primary key, p integer);
-->
alter table t add constraint k foreign key (p) references t;

--- constraint: exists
create table u (a integer primary key) partition by hash (a);
create table u0 partition of u for values with (modulus 2, remainder 0);
create table u1 partition of u for values with (modulus 2, remainder 1);
create table t (a integer) partition by hash (a);
create table t0 partition of t for values with (modulus 1, remainder 0);
-->
alter table t add constraint k foreign key (a) references u;

--- constraint: inherited
create table t (a integer, constraint k unique (a)) partition by hash (a);
create table t0 (a integer, constraint k0 unique (a));
-->
alter table t attach partition t0 for values with (modulus 1, remainder 0);

--- constraint: exists
create table t (a integer);
create table c () inherits (t);
-->
alter table t add constraint k check (a > 0);

--- constraint: comment
create table t (a integer, constraint k check (a > 0));
-->
comment on constraint k on t is 'c';

--- constraint: definition since 18
create table t (a int4range, b daterange, constraint k unique (a, b));
-->
alter table t drop constraint k;
alter table t add constraint k unique (a, b without overlaps);

--- index: exists
create table t (a integer);
-->
create index i on t (a);

--- index: exists
create table t (a integer);
create index i on t (a);
-->
alter index i rename to "I USING btree";

--- index: unique
create table t (a integer);
create index i on t (a);
-->
drop index i;
create unique index i on t (a);

--- index: constraint
create table t (a integer);
create unique index i on t (a);
-->
alter table t add constraint i unique using index i;

--- index: definition
create table t (a integer, b integer);
create index i on t (a);
-->
drop index i;
create index i on t (a, b);

--- index: definition
create table t (a integer);
create index i on t (a);
-->
drop index i;
create index i on t using hash (a);

--- index: definition
create table t (a integer);
create index i on t (a);
-->
drop index i;
create index i on t (a desc);

--- index: definition
create table t (a integer);
create index i on t (a desc);
-->
drop index i;
create index i on t (a desc nulls last);

--- index: definition
create table t (a text);
create index i on t (a);
-->
drop index i;
create index i on t (a text_pattern_ops);

--- index: definition
create table t (a text);
create index i on t (a);
-->
drop index i;
create index i on t (a collate "C");

--- index: definition
create table t (a text);
create index i on t (a);
-->
drop index i;
create index i on t (lower(a));

--- index: definition
create table t (a text, b integer);
create index i on t (a);
-->
drop index i;
create index i on t (a) where b > 0;

--- index: definition
create table t (a text, b integer);
create index i on t (a) where b > 0;
-->
drop index i;
create index i on t (a) where b > 1;

--- index: definition
create table t (a text, b integer);
create index i on t (a);
-->
drop index i;
create index i on t (a) include (b);

--- index: definition
create table t (a text);
create index i on t (a);
-->
alter index i set (fillfactor = 70);

--- index: definition
create table t (a text, s tsvector);
create index i on t using gin (s);
-->
alter index i set (fastupdate = off);

--- index: definition since 15
create table t (a text);
create unique index i on t (a);
-->
drop index i;
create unique index i on t (a) nulls not distinct;

--- index: definition since 13
create table t (s tsvector);
create index i on t using gist (s);
-->
drop index i;
create index i on t using gist (s tsvector_ops (siglen = 100));

--- index: clustered
create table t (a text);
create index i on t (a);
-->
alter table t cluster on i;

--- index: replica_identity
create table t (a text not null);
create unique index i on t (a);
-->
alter table t replica identity using index i;

--- index: replica_identity
create table t (a text not null, b text not null);
create unique index i on t (a);
create unique index j on t (b);
alter table t replica identity using index i;
-->
alter table t replica identity using index j;

--- index: statistics
create table t (a text);
create index i on t (a, lower(a));
-->
alter index i alter column 2 set statistics 7;

--- index: attached_to
create table t (a integer) partition by hash (a);
create table t0 partition of t for values with (modulus 1, remainder 0);
create index i on only t (a);
create index i0 on t0 (a);
-->
alter index i attach partition i0;

--- index: exists
create table t (a integer) partition by hash (a);
create table t0 partition of t for values with (modulus 1, remainder 0);
-->
create index i on t (a);

--- index: comment
create table t (a text);
create index i on t (a);
-->
comment on index i is 'c';

--- index: comment
create table t (a integer primary key);
-->
comment on index t_pkey is 'c';

--- statistics: exists
create table t (a integer, b integer);
-->
create statistics s on a, b from t;

--- statistics: definition
create table t (a integer, b integer, c integer);
create statistics s on a, b from t;
-->
drop statistics s;
create statistics s on a, c from t;

--- statistics: definition
create table t (a integer, b integer);
create statistics s on a, b from t;
-->
drop statistics s;
create statistics s (ndistinct) on a, b from t;

--- statistics: definition since 14
create table t (a integer, b integer);
create statistics s on (a + 1) from t;
-->
drop statistics s;
create statistics s on (a + 2) from t;

--- statistics: target since 13
create table t (a integer, b integer);
create statistics s on a, b from t;
-->
alter statistics s set statistics 7;

--- statistics: owner
create table t (a integer, b integer);
create statistics s on a, b from t;
-->
alter statistics s owner to pair_a;

--- statistics: comment
create table t (a integer, b integer);
create statistics s on a, b from t;
-->
comment on statistics s is 'c';

--- statistics: exists
create table t (a integer, b integer);
create statistics s on a, b from t;
-->
alter statistics s rename to "S FROM";
