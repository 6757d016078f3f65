--- trigger: exists
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create trigger g before insert on t for each row execute function f();

--- trigger: exists
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
alter trigger g on t rename to "G BEFORE";

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
drop trigger g on t;
create trigger g after insert on t for each row execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
drop trigger g on t;
create trigger g before insert or update on t for each row execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before update on t for each row execute function f();
-->
drop trigger g on t;
create trigger g before update of a on t for each row execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before update of a on t for each row execute function f();
-->
drop trigger g on t;
create trigger g before update of a, b on t for each row execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
drop trigger g on t;
create trigger g before insert on t for each statement execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
drop trigger g on t;
create trigger g before insert on t for each row when (new.a > 0) execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f('a');
-->
drop trigger g on t;
create trigger g before insert on t for each row execute function f('a', 'it''s');

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g after delete on t for each statement execute function f();
-->
drop trigger g on t;
create trigger g after delete on t referencing old table as gone for each statement execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g after truncate on t for each statement execute function f();
-->
drop trigger g on t;
create trigger g before truncate on t for each statement execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create function f2() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
drop trigger g on t;
create trigger g before insert on t for each row execute function f2();

--- trigger: constraint
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g after insert on t for each row execute function f();
-->
drop trigger g on t;
create constraint trigger g after insert on t for each row execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create constraint trigger g after insert on t for each row execute function f();
-->
drop trigger g on t;
create constraint trigger g after insert on t deferrable initially deferred for each row execute function f();

--- trigger: definition
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create table u (a integer);
create constraint trigger g after insert on t for each row execute function f();
-->
drop trigger g on t;
create constraint trigger g after insert on t from u for each row execute function f();

--- trigger: enabled
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
alter table t disable trigger g;

--- trigger: enabled
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
alter table t enable replica trigger g;

--- trigger: enabled
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
alter table t enable always trigger g;

--- trigger: comment
create table t (a integer, b integer);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger g before insert on t for each row execute function f();
-->
comment on trigger g on t is 'c';

--- trigger: exists
create table t (a integer, b integer);
create view v as select a from t;
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create trigger g instead of insert on v for each row execute function f();

--- trigger: exists
create table t (a integer) partition by hash (a);
create table t0 partition of t for values with (modulus 1, remainder 0);
create function f() returns trigger language plpgsql as 'begin return new; end';
-->
create trigger g after insert on t for each row execute function f();

--- trigger: inherited since 13
create table t (a integer) partition by hash (a);
create table t0 partition of t for values with (modulus 1, remainder 0);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger h after insert on t0 for each row execute function f();
alter table t0 disable trigger h;
-->
drop trigger h on t0;
create trigger h after insert on t for each row execute function f();
alter table t0 disable trigger h;

--- policy: exists
create table t (a integer);
-->
create policy p on t;

--- policy: exists
create table t (a integer);
create policy p on t;
-->
alter policy p on t rename to "P";

--- policy: command
create table t (a integer);
create policy p on t for select using (true);
-->
drop policy p on t;
create policy p on t for delete using (true);

--- policy: command
create table t (a integer);
create policy p on t for all using (true);
-->
drop policy p on t;
create policy p on t for update using (true);

--- policy: command
create table t (a integer);
create policy p on t with check (true);
-->
drop policy p on t;
create policy p on t for insert with check (true);

--- policy: restrictive
create table t (a integer);
create policy p on t using (true);
-->
drop policy p on t;
create policy p on t as restrictive using (true);

--- policy: roles
create table t (a integer);
create policy p on t using (true);
-->
alter policy p on t to pair_a;

--- policy: roles
create table t (a integer);
create policy p on t to pair_a using (true);
-->
alter policy p on t to pair_b, pair_a;

--- policy: using
create table t (a integer);
create policy p on t using (a > 0);
-->
alter policy p on t using (a > 1);

--- policy: with_check
create table t (a integer);
create policy p on t using (a > 0);
-->
alter policy p on t with check (a > 0);

--- policy: comment
create table t (a integer);
create policy p on t using (a > 0);
-->
comment on policy p on t is 'c';

--- event trigger: exists
create function f() returns event_trigger language plpgsql as 'begin end';
-->
create event trigger pair_event_1 on ddl_command_start when tag in ('CREATE SERVER') execute function f();

--- event trigger: event
create function f() returns event_trigger language plpgsql as 'begin end';
create event trigger pair_event_2 on ddl_command_start when tag in ('CREATE SERVER') execute function f();
-->
drop event trigger pair_event_2;
create event trigger pair_event_2 on ddl_command_end when tag in ('CREATE SERVER') execute function f();

--- event trigger: function
create function f() returns event_trigger language plpgsql as 'begin end';
create function g() returns event_trigger language plpgsql as 'begin end';
create event trigger pair_event_3 on ddl_command_start when tag in ('CREATE SERVER') execute function f();
-->
drop event trigger pair_event_3;
create event trigger pair_event_3 on ddl_command_start when tag in ('CREATE SERVER') execute function g();

--- event trigger: tags
create function f() returns event_trigger language plpgsql as 'begin end';
create event trigger pair_event_4 on ddl_command_start when tag in ('CREATE SERVER') execute function f();
-->
drop event trigger pair_event_4;
create event trigger pair_event_4 on ddl_command_start when tag in ('CREATE SERVER', 'ALTER SERVER') execute function f();

--- event trigger: enabled
create function f() returns event_trigger language plpgsql as 'begin end';
create event trigger pair_event_5 on ddl_command_start when tag in ('CREATE SERVER') execute function f();
-->
alter event trigger pair_event_5 disable;

--- event trigger: enabled
create function f() returns event_trigger language plpgsql as 'begin end';
create event trigger pair_event_6 on ddl_command_start when tag in ('CREATE SERVER') execute function f();
alter event trigger pair_event_6 enable replica;
-->
alter event trigger pair_event_6 enable always;

--- event trigger: owner
create function f() returns event_trigger language plpgsql as 'begin end';
create event trigger pair_event_7 on ddl_command_start when tag in ('CREATE SERVER') execute function f();
-->
alter event trigger pair_event_7 owner to pair_super;

--- event trigger: comment
create function f() returns event_trigger language plpgsql as 'begin end';
create event trigger pair_event_8 on ddl_command_start when tag in ('CREATE SERVER') execute function f();
-->
comment on event trigger pair_event_8 is 'c';
