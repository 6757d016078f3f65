--- policy: exists
create table r (a integer);
-->
create table t (a integer, b integer);
create table u (c integer, d integer);
create view v as select * from t;
create view w as select * from u;
create policy p on t using (exists (select from w where c = a));
create policy p on u using (exists (select from v where a = c));

--- policy: exists
create table t (a integer, b integer);
create table u (c integer, d integer);
-->
create policy p on t using (exists (select from u where c = a));
create policy p on u using (exists (select from t where a = c));

--- rule: exists
create table r (a integer);
-->
create table t (a integer);
create table u (c integer);
create rule r as on insert to t do also insert into u values (new.a);
create rule r as on delete to u do also delete from t where a = old.c;

--- trigger: exists
create table r (a integer);
-->
create table t (a integer);
create function f(t) returns boolean language sql as 'select true';
create function g() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row when (f(new.*)) execute function g();

--- constraint: exists
create table r (a integer);
-->
create table t (a integer);
create function f(t) returns boolean language sql as 'select true';
alter table t add check (f(t.*));
create index i on t ((f(t.*)));
create policy p on t using (f(t.*));

--- default: exists
create table r (a integer);
-->
create table t (a integer);
create function f() returns setof t language sql as 'select * from t';
alter table t alter a set default 1;

--- view: exists
create table r (a integer);
-->
create table t (a integer);
create view v as select * from t;
create function f(v) returns integer language sql as 'select 1';
create rule r as on insert to v do instead insert into t values (f(new));

--- table: exists since 14
create table r (a integer);
-->
create table m (a integer, f1 text compression pglz) partition by hash (a);
create table m1 (a integer, f1 text compression pglz);
alter table m alter f1 set compression default;
alter table m attach partition m1 for values with (modulus 2, remainder 0);
create table m2 partition of m for values with (modulus 2, remainder 1);
alter table m2 alter f1 set compression pglz;
create table c () inherits (r);

--- column: compression since 14
create table m (a integer, f1 text) partition by hash (a);
create table m2 partition of m for values with (modulus 2, remainder 1);
-->
alter table m2 alter f1 set compression pglz;

--- collation: exists
create table r (a integer);
-->
create collation k (provider = icu, locale = '');

--- index: exists
create table t (c1 integer, c2 integer, c3 integer, c4 box);
-->
create unique index u on t (c1, c2) include (c3, c4);
alter table t add unique using index u;
alter table t add unique (c1, c2) include (c3, c4);

--- constraint: exists
create table t (c1 integer, c2 integer, c3 integer, c4 box);
create unique index u on t (c1, c2) include (c3, c4);
-->
alter table t add unique using index u;

--- function: exists
create table r (a integer);
-->
create function f(internal) returns internal language internal strict as 'int4recv';
create function g(internal) returns integer language internal strict as 'int4recv';
create transform for macaddr8 language sql (from sql with function prsd_lextype(internal), to sql with function macaddr8_recv(internal));
create function h(macaddr8) returns macaddr8 language sql transform for type macaddr8 as 'select $1';

--- table: exists
create table r (a integer);
-->
CREATE TABLE parted_self_fk (
    id bigint NOT NULL,
    id_abc bigint
)
PARTITION BY RANGE (id);
CREATE TABLE part1_self_fk (
    id bigint NOT NULL,
    id_abc bigint
);
CREATE TABLE part2_self_fk (
    id bigint CONSTRAINT parted_self_fk_id_not_null NOT NULL,
    id_abc bigint
);
CREATE TABLE part3_self_fk (
    id bigint NOT NULL,
    id_abc bigint
)
PARTITION BY RANGE (id);
CREATE TABLE part32_self_fk (
    id bigint CONSTRAINT part3_self_fk_id_not_null NOT NULL,
    id_abc bigint
);
CREATE TABLE part33_self_fk (
    id bigint NOT NULL,
    id_abc bigint
);
ALTER TABLE ONLY parted_self_fk ATTACH PARTITION part1_self_fk FOR VALUES FROM ('0') TO ('10');
ALTER TABLE ONLY parted_self_fk ATTACH PARTITION part2_self_fk FOR VALUES FROM ('10') TO ('20');
ALTER TABLE ONLY part3_self_fk ATTACH PARTITION part32_self_fk FOR VALUES FROM ('20') TO ('30');
ALTER TABLE ONLY part3_self_fk ATTACH PARTITION part33_self_fk FOR VALUES FROM ('30') TO ('40');
ALTER TABLE ONLY parted_self_fk ATTACH PARTITION part3_self_fk FOR VALUES FROM ('30') TO ('40');
ALTER TABLE ONLY parted_self_fk
    ADD CONSTRAINT parted_self_fk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY part1_self_fk
    ADD CONSTRAINT part1_self_fk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY part2_self_fk
    ADD CONSTRAINT part2_self_fk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY part3_self_fk
    ADD CONSTRAINT part3_self_fk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY part32_self_fk
    ADD CONSTRAINT part32_self_fk_pkey PRIMARY KEY (id);
ALTER TABLE ONLY part33_self_fk
    ADD CONSTRAINT part33_self_fk_pkey PRIMARY KEY (id);
ALTER INDEX parted_self_fk_pkey ATTACH PARTITION part1_self_fk_pkey;
ALTER INDEX parted_self_fk_pkey ATTACH PARTITION part2_self_fk_pkey;
ALTER INDEX part3_self_fk_pkey ATTACH PARTITION part32_self_fk_pkey;
ALTER INDEX part3_self_fk_pkey ATTACH PARTITION part33_self_fk_pkey;
ALTER INDEX parted_self_fk_pkey ATTACH PARTITION part3_self_fk_pkey;
ALTER TABLE parted_self_fk
    ADD CONSTRAINT parted_self_fk_id_abc_fkey FOREIGN KEY (id_abc) REFERENCES parted_self_fk(id);

--- table: exists
create table t (a integer, b integer) partition by range (a);
create table t1 (b integer, a integer);
-->
drop table t, t1;
create table t (i integer primary key) partition by hash (i);
create table t0 (i integer not null primary key);
alter table t attach partition t0 for values with (modulus 2, remainder 0);
create table t1 partition of t for values with (modulus 2, remainder 1);

--- index: exists
create table t (a integer) partition by range (a);
create table t1 partition of t for values from (0) to (100);
create table t2 partition of t for values from (100) to (1000) partition by range (a);
create table t21 partition of t2 for values from (100) to (200);
-->
create index t2_a_idx on only t2 (a);
create index t_a_idx on only t (a);
alter index t_a_idx attach partition t2_a_idx;

--- index: exists
create table r (a integer);
-->
create table t (a integer, b integer) partition by range (a);
create table t1 partition of t for values from (0) to (100);
create table t2 partition of t for values from (100) to (1000) partition by range (a);
create table t21 partition of t2 for values from (100) to (200);
create index on t ((a / b));
create index x on t (a);
alter index t2_a_idx rename to t2_other;
alter index t21_a_idx rename to t21_other;

--- index: exists
create table t (a integer, b integer) partition by range (a);
create table t1 partition of t for values from (0) to (100);
create table t2 partition of t for values from (100) to (1000) partition by range (a);
create table t21 partition of t2 for values from (100) to (200);
-->
create index on t ((a / b));
create index x on t (a);
alter index t2_a_idx rename to t2_other;
alter index t21_a_idx rename to t21_other;

--- table: exists
create table r (a integer);
-->
create table t (a integer, b integer) partition by range (a);
create table t1 partition of t for values from (0) to (100);
alter table t1 alter b set storage plain;
alter table t1 alter b set statistics 7;
alter table t1 alter b set default 3;
alter table t1 alter b set not null;
alter table t1 add check (b > 0);
alter table t1 add unique (b);
alter table t1 set (fillfactor = 70);

--- trigger: exists
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create trigger g after insert on t for each row execute function f();
create table t2 partition of t for values in (2);
alter table t disable trigger g;

--- trigger: exists
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create trigger g after insert on t for each row execute function f();
create table t2 partition of t for values in (2);
alter table only t disable trigger g;

--- trigger: exists
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create trigger g after insert on t for each row execute function f();
alter table t1 disable trigger g;

--- trigger: enabled
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g after insert on t for each row execute function f();
-->
alter table t disable trigger g;

--- trigger: exists
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1) partition by list (a);
create table t11 partition of t1 for values in (1);
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create trigger g after insert on t for each row execute function f();
alter table t enable always trigger g;
alter table t11 disable trigger g;
create trigger g1 after insert on t11 for each row execute function f();

--- trigger: enabled
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create table t2 partition of t for values in (2);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g after insert on t for each row execute function f();
alter table t1 disable trigger g;
alter table t2 enable replica trigger g;
-->
alter table only t enable always trigger g;
alter table t2 enable always trigger g;

--- function: settings
create function f() returns integer language sql as 'select 1';
-->
alter function f() set local_preload_libraries to 'a b', '', '0123456789012345678901234567890123456789012345678901234567890123456789', plain;
