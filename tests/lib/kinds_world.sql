-- A database in which everything that can hold code of its own does. Whatever runs any of it leaves all that a
-- session can keep: a lock first, which nothing takes back but the session's end.
set client_min_messages = error;
create schema probing;
create function probing.plant() returns void language plpgsql as $$
begin
	perform pg_advisory_lock(4242);
	begin perform set_config('work_mem', '7MB', false); exception when others then null; end;
	begin listen planted; exception when others then null; end;
	begin create temp table planted_table (n int); exception when others then null; end;
	begin perform nextval('probing.planted_sequence'); exception when others then null; end;
end $$;
create sequence probing.planted_sequence;
-- What the session holds: settings, what is prepared, and everything else.
create function probing.state() returns text language plpgsql as $$
declare
	last text := 'none';
begin
	begin
		last := lastval();
	exception when object_not_in_prerequisite_state then null;
	end;
	return concat_ws(' ',
		(select md5(string_agg(concat(name, setting), ',' order by name)) from pg_settings where name not like 'transaction%'),
		concat(current_user, session_user),
		(select count(*) from pg_prepared_statements where from_sql),
		concat_ws(',', (select count(*) from pg_depend where refclassid = 'pg_namespace'::regclass and refobjid = pg_my_temp_schema()),
			(select count(*) from pg_cursors where is_holdable),
			(select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory'),
			(select count(*) from pg_listening_channels()), last));
end $$;

create function planted(n int) returns int immutable language plpgsql as $$ begin perform probing.plant(); return n; end $$;
create function planted_too(n int) returns bool immutable language plpgsql as $$ begin perform probing.plant(); return true; end $$;
create domain dom as int check (planted(value) > 0);
create domain dom_array as dom[];
create type row_of as (a dom, b int);
create type range_of as range (subtype = dom);
create type kind_of as enum ('a', 'b');
create function row_cmp(a row_of, b row_of) returns int immutable language plpgsql as $$ begin perform probing.plant(); return 0; end $$;
create function row_eq(a row_of, b row_of) returns bool immutable language plpgsql as $$ begin perform probing.plant(); return true; end $$;
create function tr() returns trigger language plpgsql as $$ begin perform probing.plant(); return new; end $$;
create function plain_function() returns int language sql as 'select 1';

create procedure plain_procedure() language plpgsql as 'begin end';
create table plain (n int not null, m int);
create table t (n int, m int, s text, j jsonb, e kind_of);
insert into t select g, g, g, '{}', 'a' from generate_series(1, 5) g;
create table keys (n int primary key);
create table filled (n int, c row_of);
insert into filled values (1, row(1, 1)), (2, row(2, 2));
create table checked (n int check (n > planted(1)), m int);
insert into checked values (5, 5);
create table keyed (n int, m int);
create index keyed_i on keyed ((n + planted(1)));
create index gone_i on keyed (m);
create table generating (n int, g int generated always as (n + planted(1)) stored);
create table excluding (n int, exclude ((n + planted(1)) with =));
create table parted (n int primary key, m int) partition by list (n);
create table parted_1 partition of parted for values in (1);
create table loose (n int, m int);
create trigger trg before insert on loose for each row execute function tr();
create rule ru as on update to loose do also select planted(1);
create policy po on loose using (planted_too(1));
create table defaulting (n int default planted(1), a dom[]);
create view v as select n, planted(1) as p from t;
create materialized view mat as select n from t;
create sequence sq;
create schema sc;
create publication pub for table loose;
create statistics st on n, m from loose;
create function wrapper_check(text[], oid) returns void language plpgsql as $$ begin perform probing.plant(); end $$;
create foreign data wrapper wrapper validator wrapper_check;
create server srv foreign data wrapper wrapper;
create type base;
create function base_in(cstring) returns base language internal immutable strict as 'textin';
create function base_out(base) returns cstring language internal immutable strict as 'textout';
create function base_mod(cstring[]) returns int language plpgsql immutable as $$ begin perform probing.plant(); return 1; end $$;
create function leave_after_ddl() returns event_trigger language plpgsql as $$ begin perform probing.plant(); end $$;
-- Everything back, but for what a rollback has taken.
create function probing.unlock() returns void language sql as 'select pg_advisory_unlock_all()';
create function probing.clean() returns void language plpgsql as $$
begin
	perform pg_advisory_unlock_all();
	execute 'reset session authorization';
	execute 'reset all';
	execute 'unlisten *';
	execute 'discard sequences';
end $$;
create role kinds_role;
select probing.clean();
