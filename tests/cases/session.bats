# A file leaves nothing in the session: one run, or a run for each file, come to the same.

load ../lib/rung

# Kinds of state, one a line: a name and statements that leave it, which fail where it is there already.
kinds() {
	cat <<-'SQL'
		temporary_table|create temp table k (n int);
		temporary_table_as|create temporary table k as select 1 as n;
		temporary_preserve|create temp table k (n int) on commit preserve rows; insert into k values (1);
		temporary_delete|create local temp table k (n int) on commit delete rows;
		temporary_drop|create temp table k (n int) on commit drop;
		temporary_deferred|create temp table k (n int primary key deferrable initially deferred); insert into k values (1);
		temporary_view|create temp view k as select 1 as n;
		temporary_sequence|create temp sequence k;
		temporary_schema|create table pg_temp.k (n int);
		temporary_quoted|create table "pg_temp".k (n int);
		temporary_function|create function pg_temp.k() returns int language sql as 'select 1';
		temporary_type|create type pg_temp.k as enum ('a');
		temporary_path|set search_path = pg_temp; create table k (n int);
		temporary_into|select 1 as n into temp k;
		temporary_code|do $$ begin create temp table k (n int); end $$;
		temporary_called|call leave_table();
		temporary_selected|select leave_table_too();
		temporary_trigger|insert into triggering values (1);
		prepared|prepare k as select 1;
		prepared_quoted|prepare "K ""1" (int) as select $1; execute "K ""1" (1);
		prepared_again|prepare k as select 1; deallocate prepare k; prepare k as select 2; prepare l as select 3; deallocate "l";
		prepared_code|do $$ begin execute 'prepare k as select 1'; end $$;
		late|create temp table k (n int); create constraint trigger k after insert on k deferrable initially deferred for each row execute function set_by_trigger(); insert into k values (1);
		cursor|declare k cursor with hold for select 1;
		cursor_of_temporary|create temp table k (n int); declare c cursor for select * from k; fetch c;
		lock|select pg_advisory_lock(4242);
		lock_twice|select pg_advisory_lock(4242), pg_catalog.pg_advisory_lock(4242);
		lock_shared|select pg_advisory_lock_shared(4242);
		lock_code|do $$ begin perform pg_advisory_lock(4242); end $$;
		listening|listen k;
		sequence|select nextval('counter');
		setting|set work_mem = '7MB';
		setting_by_function|select set_config('work_mem', '7MB', false);
		setting_by_bound|create table if not exists k partition of listed for values in (set_config('work_mem', '7MB', false)); drop table if exists k;
		setting_by_index|create table if not exists k (n int); create index if not exists i on k ((n + sets(1))); drop table if exists k;
		setting_by_condition|create table if not exists k (n int); create index if not exists i on k (n) where n > sets(1); drop table if exists k;
		setting_by_generated|create table if not exists k (n int, m int generated always as (n + sets(1)) stored); drop table if exists k;
		setting_by_exclusion|create table if not exists k (n int, exclude ((n + sets(1)) with =)); drop table if exists k;
		setting_by_default|create table if not exists k (n int default sets(1), check (n > sets(1)), check (sets(1) > 0)); drop table if exists k;
		characteristics|set session characteristics as transaction isolation level serializable;
		role|set role other_session;
		authorization|set session authorization other_session;
	SQL
}

# What the session holds, but for settings of the running transaction, which are the program's.
base() {
	sql "set client_min_messages = error; drop role if exists other_session; create role other_session"
	migration 01_base <<-'SQL'
		create table seen (file text primary key, state text);
		create sequence counter;
		create procedure leave_table() language plpgsql as $$ begin create temp table k (n int); end $$;
		create function leave_table_too() returns void language plpgsql as $$ begin create temp table k (n int); end $$;
		create function sets(n int) returns int immutable language plpgsql as
		    $$ begin perform set_config('work_mem', '7MB', false); return n; end $$;
		create function set_by_trigger() returns trigger language plpgsql as
		    $$ begin perform set_config('work_mem', '7MB', false); set role other_session; return null; end $$;
		create table listed (v text) partition by list (v);
		create table triggering (n int);
		create function leave_by_trigger() returns trigger language plpgsql as
		    $$ begin create temp table k (n int); return new; end $$;
		create trigger leaves after insert or update or delete on triggering
		    for each row execute function leave_by_trigger();
		create function probe() returns text language plpgsql as $$
		declare
			last text := 'none';
		begin
			begin
				last := lastval();
			exception when object_not_in_prerequisite_state then null;
			end;
			return concat_ws(' ',
				(select count(*) from pg_depend where refclassid = 'pg_namespace'::regclass and refobjid = pg_my_temp_schema()),
				(select count(*) from pg_prepared_statements where from_sql),
				(select count(*) from pg_cursors where is_holdable),
				(select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'advisory' and objid = 4242),
				(select count(*) from pg_listening_channels()), last, current_setting('work_mem'),
				current_setting('default_transaction_isolation'), current_setting('search_path'),
				current_user = session_user, session_user);
		end $$;
		create table clean as select probe() as state;
	SQL
	rollback_of 01_base <<-'SQL'
		drop table seen, triggering, clean, listed;
		drop sequence counter;
		drop procedure leave_table;
		drop function leave_table_too, leave_by_trigger, set_by_trigger, probe, sets;
	SQL
}

# pairs [HEAD [FILTER [DIRECTORY_AND_PREFIX]]] - each kind twice and a look after it; the heads of the files begin with HEAD.
pairs() {
	local name text number=100
	while IFS='|' read -r name text; do
		[[ $name =~ ${2:-.} ]] || continue
		for ((i = number; i < number + 2; i++)); do
			printf '%s%s\n' "${1:+$1$'\n'}" "$text" >"${3:-schema/}${i}_$name.sql"
		done
		printf '%sinsert into seen values (%s, probe()) on conflict do nothing;\n' "${1:+$1$'\n'}" "'$name'" >"${3:-schema/}${i}_look.sql"
		number=$((number + 10))
	done < <(kinds)
}

# Every look found the session as it was at the beginning.
assert_clean() {
	assert_sql "select file, state from seen where state <> (select state from clean)" ""
	assert_sql "select count(*) > 0 from seen" t
}

one_by_one() {
	local file number
	for file in schema/*.sql; do
		number=${file#schema/}
		run_rung upgrade "${number%%_*}"
		assert_status 0
	done
}

@test "transactional files leave nothing to each other, in one run" {
	base
	pairs
	run_rung upgrade
	assert_status 0
	assert_clean
}

@test "nor on the oldest and the newest server" {
	long_only
	local major
	for major in 12 18; do
		server_start_other "$major"
		base
		pairs
		run_rung upgrade
		assert_status 0
		assert_clean
		rm schema/*
	done
}

@test "nor do they one by one, which is the measure" {
	long_only
	base
	pairs
	one_by_one
	assert_clean
}

@test "nor as a script that psql runs" {
	base
	pairs
	run_rung upgrade --sql
	assert_status 0
	printf '%s\n' "$output" >"$PROJECT/all.sql"
	psql -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f "$PROJECT/all.sql" >/dev/null
	assert_clean
}

@test "nor in a single transaction" {
	long_only
	base
	pairs "" '^(temporary_[^d]|temporary_table|prepared|cursor|lock|listening|seq|set|role|auth)'
	run_rung upgrade --single-transaction
	assert_status 0
	assert_clean
}

@test "what a file defers to the end of a single transaction leaves nothing behind it" {
	base
	migration 02_deferred <<-'SQL'
		create function leave_late() returns trigger language plpgsql as
		    $$ begin create temp table k (n int); set role other_session; return null; end $$;
		create constraint trigger late after insert on listed deferrable initially deferred
		    for each row execute function leave_late();
		create table listed_a partition of listed for values in ('a');
	SQL
	run_rung upgrade
	migration 03_insert <<<"insert into listed values ('a');"
	migration 04_table <<<"create table after_it (n int);"
	run_rung upgrade --single-transaction
	assert_status 0
	run_rung status
	assert_output_contains "04_table"
}

@test "nor where data has to be copied between them" {
	long_only
	base
	pairs "" '^(temporary|prepared|lock)'
	local file
	for file in schema/???_[tp]*_*.sql schema/???_lock*.sql; do printf 'copy public.seen from stdin;\n\\.\n' >>"$file"; done
	run_rung upgrade
	assert_status 0
	assert_clean
}

@test "nontransactional files leave nothing to each other" {
	base
	pairs "-- rung: transaction: none" '_code|_called|_selected|_trigger|lock|listening|^sequence|setting|charact|role|auth'
	run_rung upgrade
	assert_status 0
	assert_clean
}

@test "nontransactional files and transactional ones leave nothing to each other" {
	long_only
	base
	pairs "" '_code|_called|lock$|listening|^sequence'
	local file
	for file in schema/1?0_*.sql; do sed -i '1i -- rung: transaction: none' "$file"; done
	run_rung upgrade
	assert_status 0
	assert_clean
}

@test "files that are applied again leave nothing to each other" {
	base
	pairs "-- rung: on-change: reapply" '^(temporary_code|temporary_selected|prepared_code|lock|setting|role)'
	run_rung upgrade
	assert_status 0
	sql "truncate seen"
	local file
	for file in schema/1?[0-2]_*.sql schema/2?[0-2]_*.sql; do echo '-- edited' >>"$file"; done
	run_rung upgrade
	assert_status 0
	assert_clean
}

@test "rollbacks leave nothing to each other" {
	base
	pairs
	pairs "" . rollback/rollback_
	run_rung upgrade
	assert_status 0
	sql "truncate seen"
	run_rung downgrade 01 --force
	assert_status 0
	assert_clean
}

@test "batches leave nothing to the next file" {
	base
	migration 02_rows <<<"alter table triggering disable trigger leaves; insert into triggering select generate_series(1, 300); alter table triggering enable trigger leaves; alter table triggering add primary key (n); alter table triggering add m int;"
	migration 03_batch <<-'SQL'
		create or replace function leave_by_trigger() returns trigger language plpgsql as
		    $$ begin create temp table if not exists k (n int); perform pg_advisory_lock(4242); return new; end $$;
	SQL
	migration 04_batch <<-'SQL'
		-- rung: batch table=triggering key=n size=100
		update triggering set m = n where n > :lo and n <= :hi;
	SQL
	migration 05_after <<<"create temp table k (m int);"
	migration 06_look <<<"insert into seen values ('batch', probe());"
	run_rung upgrade
	assert_status 0
	assert_clean
}

@test "what an event trigger leaves after ordinary DDL is gone too" {
	base
	migration 02_trigger <<-'SQL'
		create function leave_after_ddl() returns event_trigger language plpgsql as
		    $$ begin if tg_tag = 'COMMENT' then create temp table k (n int); end if; end $$;
		create event trigger leaves_after on ddl_command_end execute function leave_after_ddl();
	SQL
	migration 03_comment <<<"comment on table seen is 'one';"
	migration 04_comment <<<"comment on table seen is 'two';"
	migration 05_look <<<"insert into seen values ('event', probe());"
	run_rung upgrade
	assert_status 0
	migration 06_comment <<<"comment on table seen is 'one';"
	migration 07_comment <<<"comment on table seen is 'two';"
	migration 08_look <<<"insert into seen values ('event again', probe());"
	run_rung upgrade
	assert_status 0
	sql "drop event trigger leaves_after"
	migration 09_hidden <<-'SQL'
		do $$ begin execute 'create event trigger leaves_after on ddl_command_end execute function leave_after_ddl()'; end $$;
	SQL
	migration 10_comment <<<"comment on table seen is 'one';"
	migration 11_comment <<<"comment on table seen is 'two';"
	migration 12_look <<<"insert into seen values ('hidden', probe());"
	run_rung upgrade
	assert_status 0
	assert_clean
}

@test "what an event trigger leaves is gone too where no text shows that it was made" {
	local make="do \$\$ begin execute concat('create ev', 'ent trigger leaves_after on ddl_command_end execute function leave_after_ddl()'); end \$\$;"
	base
	migration 02_function <<-'SQL'
		create function leave_after_ddl() returns event_trigger language plpgsql as
		    $$ begin if tg_tag = 'COMMENT' then create temp table k (n int); end if; end $$;
	SQL
	migration 03_hidden <<<"$make"
	migration 04_comment <<<"comment on table seen is 'one';"
	migration 05_look <<<"insert into seen values ('hidden', probe());"
	migration 06_gone <<<"drop event trigger leaves_after;"
	run_rung upgrade
	assert_status 0
	migration 07_plain <<<$'-- rung: transaction: none\n'"$make"
	migration 08_comment <<<"comment on table seen is 'one';"
	migration 09_look <<<"insert into seen values ('hidden in a plain file', probe());"
	run_rung upgrade
	assert_status 0
	assert_clean
}

@test "files that leave nothing cost no round trip more, and those that do none either" {
	local kind
	for kind in "create table t_NN (n int);" "create temp table k (n int); prepare p as select 1; select pg_advisory_lock(4242);"; do
		rm -f schema/*
		sql "set client_min_messages = error; drop schema public cascade; create schema public"
		migration 01_first <<<"create table first (n int);"
		run_rung upgrade
		for i in {10..59}; do echo "${kind//NN/$i}" >"schema/${i}_file.sql"; done
		proxy_start --delay-ms 50 # all is sent before anything is answered
		run_rung upgrade
		assert_status 0
		proxy_stats >/dev/null
		trips+=("$(proxy_stat round_trips)")
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
	done
	assert_equal "${trips[1]}" "${trips[0]}"
}

@test "what a rollback does not take back is gone before the file is tried again" {
	migration 01_a <<<"create table a (n int);"
	run_rung upgrade
	psql -XAtq -d "$DATABASE_URL" -c "begin; lock table a; select pg_sleep(1)" >/dev/null &
	wait_for "select exists (select from pg_locks where relation = 'a'::regclass and mode = 'AccessExclusiveLock' and granted)"
	migration 02_b <<<"prepare p as select 1; select pg_advisory_lock(4242); alter table a add b int;"
	migration 03_c <<<"create table c as select count(*) as n from pg_locks where pid = pg_backend_pid() and objid = 4242;"
	run_rung upgrade
	assert_status 0
	assert_sql "select n from c" 0
	wait
}

# Anyone who gets the backend next finds it as a new one.
assert_pool_clean() {
	assert_sql "select state from clean" "$(psql -XAtq -d "$DATABASE_URL" -c 'select probe()')"
}

@test "behind a transaction pooler nothing leaks to other clients" {
	base
	run_rung upgrade
	PGBOUNCER_POOL_SIZE=1 pgbouncer_start transaction
	assert_pool_clean
	pairs
	run_rung upgrade
	assert_status 0
	assert_clean
	assert_pool_clean
}

@test "nor when a file fails there" {
	base
	run_rung upgrade
	PGBOUNCER_POOL_SIZE=1 pgbouncer_start transaction
	local name text
	while IFS='|' read -r name text; do
		migration 02_fails <<<"$text select 1/0;"
		run_rung upgrade
		assert_status 1
		assert_pool_clean
	done < <(kinds | grep -E '^(temporary_table|prepared|cursor|lock|listening|sequence|setting|role)[|_]')
}

# --- a plain file that stops and continues in another session ----------------------

# STATEMENTS that a plain file may not hold, what they keep.
@test "a nontransactional file that a resume would find without its session state is refused before it runs" {
	local what text
	migration 01_first <<<"create table first (n int); create sequence counter;"
	run_rung upgrade
	while IFS='|' read -r what text; do
		printf -- '-- rung: transaction: none\n\n%s\nvacuum first;\n' "$text" >schema/02_plain.sql
		assert_refused 2 upgrade
		assert_errors_contain "schema/02_plain.sql:3:"
		assert_errors_contain "cannot keep $what in the session"
		run_rung check --offline
		assert_status 3
	done <<-'SQL'
		a temporary object|create temp table k (n int);
		a temporary object|create local temporary table if not exists k as select 1;
		a temporary object|create table pg_temp.k (n int);
		a temporary object|select 1 as n into temp k;
		a temporary object|create or replace temp view k as select 1;
		a temporary object|begin; create temp table k (n int); commit;
		a prepared statement|prepare k as select 1;
		a cursor WITH HOLD|begin; declare k cursor with hold for select 1; commit;
		the last value of a sequence|insert into first values (currval('counter'));
		the last value of a sequence|update first set n = lastval();
	SQL
	printf -- '-- rung: transaction: none\nvacuum first;\n' >schema/02_plain.sql
	printf -- '-- rung: transaction: none\ncreate temp table k (n int);\n' >rollback/rollback_02_plain.sql
	run_rung upgrade
	assert_status 2
	assert_errors_contain "rollback/rollback_02_plain.sql:2:1"
}

@test "what ends with its own transaction may be in a nontransactional file" {
	migration 01_plain <<-'SQL'
		-- rung: transaction: none
		create table a (n int);
		create sequence counter;
		begin;
		create temp table k (n int) on commit drop;
		insert into k values (nextval('counter')), (currval('counter'));
		insert into a select n from k;
		commit;
		insert into a values (nextval('counter')), (currval('counter'));
		create function last() returns bigint language sql as 'select lastval()';
		vacuum a;
	SQL
	run_rung upgrade
	assert_status 0
	assert_sql "select string_agg(n::text, ' ' order by n) from a" "1 1 2 2"
}

@test "settings, libraries and advisory locks are there again after a stop" {
	migration 01_plain <<-'SQL'
		-- rung: transaction: none
		set work_mem = '7MB';
		load 'plpgsql';
		select pg_advisory_lock(4242);
		create table a (n int);
		insert into a values (1);
		insert into a select 1 / count(*) from pg_tables where tablename = 'missing';
		create table seen as select current_setting('work_mem'),
		    (select count(*) from pg_locks where pid = pg_backend_pid() and objid = 4242);
		select pg_catalog.pg_advisory_unlock(4242);
	SQL
	migration 02_look <<<"create table after as select count(*) from pg_locks where pid = pg_backend_pid() and objid = 4242;"
	run_rung upgrade
	assert_status 6
	sql "create table missing ()"
	run_rung upgrade
	assert_status 0
	assert_sql "select * from seen" "7MB|1"
	assert_sql "select * from after" 0
	assert_sql "select count(*) from a" 2
}
