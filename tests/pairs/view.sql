--- view: exists
-->
create view v as select 1 as a;

--- view: definition
create view v as select 1 as a;
-->
create or replace view v as select 2 as a;

--- view: definition
create table t (a integer, b integer);
create view v as select a from t;
-->
create or replace view v as select a from t where b > 0;

--- column: exists
create table t (a integer, b integer);
create view v as select a from t;
-->
create or replace view v as select a, b from t;

--- column: type
create view v as select 1 as a;
-->
drop view v;
create view v as select 1::bigint as a;

--- view: options
create view v as select 1 as a;
-->
alter view v set (security_barrier = true);

--- view: options since 15
create view v as select 1 as a;
-->
alter view v set (security_invoker = true);

--- view: options
create table t (a integer);
create view v as select a from t where a > 0 with local check option;
-->
create or replace view v as select a from t where a > 0 with cascaded check option;

--- view: owner
create view v as select 1 as a;
-->
alter view v owner to pair_a;

--- view: grants
create view v as select 1 as a;
-->
grant select on v to pair_a;

--- view: comment
create view v as select 1 as a;
-->
comment on view v is 'c';

--- column: comment
create view v as select 1 as a;
-->
comment on column v.a is 'c';

--- default: exists
create table t (a integer);
create view v as select a from t;
-->
alter view v alter a set default 7;

--- view: definition
create function f() returns integer language sql as 'select 1';
create view v as select 1 as a;
create view w as select a from v;
-->
create or replace view w as select a + f() as a from v;

--- view: definition
create view v as with recursive n(i) as (select 1 union all select i + 1 from n where i < 10) select i from n;
-->
create or replace view v as with recursive n(i) as (select 1 union all select i + 1 from n where i < 11) select i from n;

--- materialized view: exists
-->
create materialized view m as select 1 as a;

--- materialized view: definition
create materialized view m as select 1 as a;
-->
drop materialized view m;
create materialized view m as select 2 as a;

--- materialized view: options
create materialized view m as select 1 as a;
-->
alter materialized view m set (fillfactor = 70);

--- materialized view: owner
create materialized view m as select 1 as a;
-->
alter materialized view m owner to pair_a;

--- materialized view: grants
create materialized view m as select 1 as a;
-->
grant select on m to pair_a;

--- materialized view: comment
create materialized view m as select 1 as a;
-->
comment on materialized view m is 'c';

--- index: exists
create materialized view m as select 1 as a;
-->
create unique index i on m (a);

--- column: storage
create materialized view m as select 'x'::text as a;
-->
alter materialized view m alter a set storage external;

--- column: statistics
create materialized view m as select 'x'::text as a;
-->
alter materialized view m alter a set statistics 7;

--- same: populated
create materialized view m as select 1 as a;
-->
refresh materialized view m with no data;

--- rule: exists
create table t (a integer);
-->
create rule r as on insert to t do also notify pair;

--- rule: definition
create table t (a integer);
create rule r as on insert to t do also notify pair;
-->
create or replace rule r as on update to t do also notify pair;

--- rule: definition
create table t (a integer);
create view v as select a from t;
create rule r as on insert to v do instead insert into t values (new.a);
-->
create or replace rule r as on insert to v do instead insert into t values (new.a + 1);

--- rule: definition
create table t (a integer);
create rule r as on insert to t do also notify pair;
-->
create or replace rule r as on insert to t where new.a > 0 do instead nothing;

--- rule: enabled
create table t (a integer);
create rule r as on insert to t do also notify pair;
-->
alter table t disable rule r;

--- rule: enabled
create table t (a integer);
create rule r as on insert to t do also notify pair;
-->
alter table t enable always rule r;

--- rule: enabled
create table t (a integer);
create rule r as on insert to t do also notify pair;
alter table t enable always rule r;
-->
alter table t enable replica rule r;

--- rule: comment
create table t (a integer);
create rule r as on insert to t do also notify pair;
-->
comment on rule r on t is 'c';

--- sequence: exists
-->
create sequence s;

--- sequence: type
create sequence s as integer maxvalue 1000;
-->
alter sequence s as bigint maxvalue 1000;

--- sequence: start
create sequence s;
-->
alter sequence s start 7;

--- sequence: increment
create sequence s;
-->
alter sequence s increment 7;

--- sequence: minimum
create sequence s minvalue 0;
-->
alter sequence s minvalue -7;

--- sequence: maximum
create sequence s;
-->
alter sequence s maxvalue 77;

--- sequence: cache
create sequence s;
-->
alter sequence s cache 7;

--- sequence: cycle
create sequence s;
-->
alter sequence s cycle;

--- sequence: unlogged since 15
create sequence s;
-->
alter sequence s set unlogged;

--- sequence: owned_by
create table t (a integer);
create sequence s;
-->
alter sequence s owned by t.a;

--- sequence: owned_by
create table t (a serial, b integer);
-->
alter sequence t_a_seq owned by none;

--- sequence: identity
create table t (a integer not null);
create sequence t_a_seq as integer owned by t.a;
-->
drop sequence t_a_seq;
alter table t alter a add generated always as identity;

--- sequence: increment
create table t (a integer generated always as identity);
-->
alter table t alter a set increment 7;

--- sequence: owner
create sequence s;
-->
alter sequence s owner to pair_a;

--- sequence: grants
create sequence s;
-->
grant usage on sequence s to pair_a;

--- sequence: comment
create sequence s;
-->
comment on sequence s is 'c';

--- same: position
create sequence s;
-->
select nextval('s'), setval('s', 77);
