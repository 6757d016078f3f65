# Killed, asked to stop, or the server crashes, in the middle of each kind of
# migration: the same command again leads to the same complete state.

load ../lib/rung

# Migrations that hold() stop here until go() lets them pass.
setup() {
	rung_setup
	sql "create schema test; create table test.gate (is_open boolean); insert into test.gate values (true);
		create function test.pass() returns void language plpgsql as
			'begin if not (select is_open from test.gate) then perform pg_sleep(120); end if; end'"
}

# What a script starts in the background ignores Ctrl-C, and so, rightly, would the program.
interruptible() {
	printf '#!/bin/sh\nexec perl -e '"'"'$SIG{INT} = "DEFAULT"; exec @ARGV'"'"' "%s" "$@"\n' "$RUNG" >rung-interruptible
	chmod +x rung-interruptible
	RUNG=$PROJECT/rung-interruptible
}

hold() { sql "update test.gate set is_open = false"; }
go() { sql "update test.gate set is_open = true"; }
wait_until_held() { wait_for "exists (select from pg_stat_activity where query ~ 'test.pass' and wait_event = 'PgSleep' and datname = current_database())"; }

ten() {
	local i
	for i in $(seq 11 20); do
		migration "${i}_t" <<<"create table t$i (id int);"
		rollback_of "${i}_t" <<<"drop table t$i;"
	done
}

kill_rung() {
	kill -9 "$rung_pid"
	finish_rung
	assert_status 137
}

# assert_once COUNT - complete, and nothing twice.
assert_once() {
	assert_sql "select count(*), count(*) filter (where state = 'applied') from schema_version" "$1|$1"
	assert_sql "select count(*) from schema_version_log where outcome = 'done' and action in ('apply', 'resume')" "$1"
	assert_sql "select count(*) from schema_version_step" 0
	assert_sql "$(sed 's/:"history_log"/public.schema_version_log/; s/\$1/null/' "$ROOT/src/history/log_verify.sql")" ""
	assert_sql "select count(*) from pg_index where not indisvalid" 0
}

again() {
	go
	run_rung "$@"
	assert_status 0
}

@test "kill -9 in the middle of a pipeline" {
	ten
	migration 15_t <<<"create table t15 (id int); select test.pass();"
	hold
	start_rung upgrade
	wait_until_held
	kill_rung
	assert_sql "select max(version) from schema_version" 14
	again upgrade
	assert_once 10
}

@test "kill -9 in the middle of one with data" {
	ten
	printf 'create table t15 (id int);\ncopy t15 from stdin;\n1\n\\.\nselect test.pass();\ncopy t15 from stdin;\n2\n\\.\n' >schema/15_t.sql
	hold
	start_rung upgrade
	wait_until_held
	kill_rung
	again upgrade
	assert_once 10
	assert_sql "select id from t15 order by 1" $'1\n2'
}

@test "kill -9 in the middle of an ordinary statement of a nontransactional one" {
	ten
	migration 15_t <<-SQL
		-- rung: transaction: none
		create table t15 (id int);
		insert into t15 values (1);
		insert into t15 select 2 from test.pass();
		insert into t15 values (3);
	SQL
	hold
	start_rung upgrade
	wait_until_held
	kill_rung
	assert_sql "select state from schema_version where version = 15" partial
	again upgrade
	assert_once 10
	assert_sql "select id from t15 order by 1" $'1\n2\n3'
}

# An index on t14 whose build waits for the transaction that blocker() holds.
index_held_up() {
	ten
	migration 15_t <<<"create index concurrently if not exists i15 on t14 (id); create index concurrently i15b on t14 (id);"
	rollback_of 15_t <<<"drop index concurrently i15b; drop index concurrently i15;"
}
blocker() {
	psql -XAtq -d "$DATABASE_URL" -c "begin; insert into t14 values (1); select pg_sleep(120)" >/dev/null 2>&1 3>&- 4>&- &
	wait_for "exists (select from pg_stat_activity where query ~ 'insert into t14' and state = 'active' and pid <> pg_backend_pid())"
}
end_blocker() {
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'insert into t14' and pid <> pg_backend_pid()" >/dev/null
}

@test "kill -9 in the middle of CREATE INDEX CONCURRENTLY" {
	index_held_up
	run_rung upgrade 14
	blocker
	start_rung upgrade
	wait_for "exists (select from pg_stat_progress_create_index)"
	kill_rung
	# The server notices by itself that nobody waits any more.
	wait_for "not exists (select from pg_stat_progress_create_index)"
	assert_sql "select indisvalid from pg_index where indexrelid = 'i15'::regclass" f
	end_blocker
	again upgrade
	assert_once 10
}

@test "kill -9, and the index gets ready all the same" {
	index_held_up
	run_rung upgrade 14
	blocker
	start_rung upgrade
	wait_for "exists (select from pg_stat_progress_create_index)"
	kill_rung
	end_blocker
	again upgrade
	assert_once 10
}

@test "kill -9 in the middle of a rollback, of either kind" {
	ten
	rollback_of 18_t <<<"drop table t18; select test.pass();"
	printf -- '-- rung: transaction: none\ndrop table t14;\nselect test.pass();\nselect 1;\n' >rollback/rollback_14_t.sql
	run_rung upgrade
	hold
	start_rung downgrade 12 --force
	wait_until_held
	kill_rung
	assert_sql "select max(version) from schema_version" 18
	go
	wait_for "not exists (select from pg_stat_activity where wait_event = 'PgSleep')"
	run_rung downgrade 14 --force
	assert_status 0
	hold
	start_rung downgrade 12 --force
	wait_until_held
	kill_rung
	assert_sql "select state from schema_version where version = 14" unwinding
	again downgrade 12 --force
	assert_sql "select string_agg(version::text, ' ' order by version) from schema_version" "11 12"
	assert_sql "select count(*) from schema_version_log where outcome = 'done' and action = 'rollback'" 8
	assert_sql "select count(*) from schema_version_step" 0
}

@test "killed at random moments, again and again" {
	local i tries=0
	for i in $(seq 11 90); do
		migration "${i}_t" <<<"create table t$i (id int); insert into t$i select generate_series(1, 2000);"
	done
	for i in 25 45 65; do
		printf -- 'create index concurrently i%s_a on t11 (id);\ncreate index concurrently i%s_b on t11 (id);\n' "$i" "$i" >"schema/${i}_t.sql"
		printf 'copy t11 from stdin;\n1\n\\.\n' >"schema/$((i + 1))_t.sql"
	done
	while [ "$tries" -lt 12 ]; do
		tries=$((tries + 1))
		start_rung upgrade
		sleep "0.0$((RANDOM % 90 + 10))" # any moment will do
		kill -9 "$rung_pid" 2>/dev/null || true
		finish_rung
	done
	run_rung upgrade
	assert_status 0
	assert_once 80
	assert_sql "select count(*) from t11" 2003
}

@test "Ctrl-C in a pipeline: cancelled on the server, recorded, described" {
	interruptible
	ten
	migration 15_t <<<"create table t15 (id int); select test.pass();"
	hold
	start_rung upgrade
	wait_until_held
	kill -INT "$rung_pid"
	finish_rung
	assert_status 130
	assert_errors_contain 'the last of them "14_t"; the current one was rolled back.'
	refute_errors_contain "no longer ours"
	assert_sql "select count(*) from pg_stat_activity where wait_event = 'PgSleep'" 0
	assert_sql "select count(*) from pg_locks where locktype = 'advisory'" 0
	assert_sql "select action, outcome, version, sqlstate from schema_version_log order by id desc limit 1" "apply|failed|15|57014"
	again upgrade
	assert_once 10
}

@test "TERM in one with data" {
	ten
	printf 'create table t15 (id int);\ncopy t15 from stdin;\n1\n\\.\nselect test.pass();\n' >schema/15_t.sql
	hold
	start_rung upgrade
	wait_until_held
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	assert_sql "select count(*) from pg_stat_activity where wait_event = 'PgSleep'" 0
	again upgrade
	assert_once 10
}

@test "Ctrl-C in CREATE INDEX CONCURRENTLY: half done, said so, finished by the next run" {
	interruptible
	index_held_up
	run_rung upgrade 14
	blocker
	start_rung upgrade
	wait_for "exists (select from pg_stat_progress_create_index)"
	kill -INT "$rung_pid"
	finish_rung
	assert_status 130
	assert_errors_contain '"15_t" is half done: 0 of 2 statements'
	assert_sql "select count(*) from pg_stat_progress_create_index" 0
	assert_sql "select state from schema_version where version = 15" partial
	end_blocker
	run_rung resume
	assert_status 0
	again upgrade
	assert_once 10
}

@test "Ctrl-C while waiting for another deployer changes nothing" {
	interruptible
	ten
	sql "create table test.held as select 1"
	psql -XAtq -d "$DATABASE_URL" -c "select pg_advisory_lock($((16#$(printf 'rung:public.schema_version' | sha256sum | cut -c1-16)))), pg_sleep(120)" >/dev/null 2>&1 3>&- 4>&- &
	wait_for "exists (select from pg_locks where locktype = 'advisory' and granted)"
	start_rung upgrade
	wait_for "exists (select from pg_stat_activity where query ~ 'pg_try_advisory_lock')"
	kill -INT "$rung_pid"
	finish_rung
	assert_status 130
	assert_sql "select to_regclass('schema_version') is null" t
}

@test "the server crashes and is back at once: rung connects again and finishes" {
	server_start_own crash fsync=on
	sql "create schema test; create table test.gate (is_open boolean); insert into test.gate values (true);
		create function test.pass() returns void language plpgsql as
			'begin if not (select is_open from test.gate) then perform pg_sleep(120); end if; end'"
	ten
	migration 15_t <<<"create table t15 (id int); select test.pass();"
	hold
	start_rung upgrade
	wait_until_held
	go
	server_stop crash immediate
	server_start crash
	finish_rung
	assert_status 0
	assert_errors_contain "connecting again"
	assert_once 10
}

@test "the server crashes and stays away: what is known is said, and the next run finishes" {
	server_start_own crash fsync=on
	sql "create schema test; create table test.gate (is_open boolean); insert into test.gate values (true);
		create function test.pass() returns void language plpgsql as
			'begin if not (select is_open from test.gate) then perform pg_sleep(120); end if; end'"
	ten
	migration 15_t <<<$'-- rung: transaction: none\ncreate table t15 (id int);\nselect test.pass();'
	hold
	start_rung upgrade
	wait_until_held
	go
	server_stop crash immediate
	finish_rung
	assert_status 4
	assert_errors_contain "Run the same command again to finish it."
	server_start crash
	run_rung upgrade
	assert_status 0
	assert_once 10
}

@test "one backend is killed: all of them crash, and rung continues by itself" {
	server_start_own crash fsync=on
	sql "create schema test; create table test.gate (is_open boolean); insert into test.gate values (true);
		create function test.pass() returns void language plpgsql as
			'begin if not (select is_open from test.gate) then perform pg_sleep(120); end if; end'"
	ten
	migration 15_t <<<"create table t15 (id int); select test.pass();"
	hold
	start_rung upgrade
	wait_until_held
	go
	kill -9 "$(sql "select pid from pg_stat_activity where wait_event = 'PgSleep'")"
	finish_rung
	assert_status 0
	assert_once 10
}

@test "a hook that ran is not run again after a lost connection, and one that did not, is" {
	ten
	migration 15_t <<<"create table t15 (id int); select test.pass();"
	cat >rung.ini <<-INI
		[hooks]
		before_upgrade = echo before >>hooks
		after_upgrade = echo after >>hooks
	INI
	hold
	start_rung upgrade
	wait_until_held
	go
	sql "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'" >/dev/null
	finish_rung
	assert_status 0
	assert_once 10
	assert_equal "$(cat hooks)" $'before\nafter'
	migration 21_t <<<"create table t21 (id int);"
	psql -XAtq -d "$DATABASE_URL" -c "select pg_advisory_lock($((16#$(printf 'rung:public.schema_version' | sha256sum | cut -c1-16)))), pg_sleep(120)" >/dev/null 2>&1 3>&- 4>&- &
	wait_for "exists (select from pg_locks where locktype = 'advisory' and granted)"
	start_rung upgrade
	wait_for "exists (select from pg_stat_activity where query ~ 'pg_try_advisory_lock' and state = 'idle')"
	sql "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()" >/dev/null
	finish_rung
	assert_status 0
	assert_equal "$(cat hooks)" $'before\nafter\nbefore\nafter'
}
