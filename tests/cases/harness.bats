# The harness itself: every helper other cases lean on does what it says.

load ../lib/rung

@test "every test has an empty database of its own" {
	assert_sql "select current_database() = '$TEST_DATABASE'" t
	assert_sql "select count(*) from pg_tables where schemaname = 'public'" 0
	sql "create table leftover (id int)"
}

@test "nothing of the test before is left" {
	assert_sql "select count(*) from pg_tables where schemaname = 'public'" 0
}

@test "the server does not run as root and listens on no network" {
	if [ -n "${RUNG_TEST_SERVER_URL:-}" ]; then skip "the server is somebody else's"; fi
	assert_sql "show listen_addresses" ""
	[ "$(ps -o user= -p "$(server_pid main)")" != root ]
}

@test "pairs are written to the project" {
	migration 01_users <<-SQL
		create table users (id int);
	SQL
	rollback_of 01_users <<<"drop table users;"
	psql -Xq -d "$DATABASE_URL" -f schema/01_users.sql
	assert_sql "select count(*) from users" 0
	psql -Xq -d "$DATABASE_URL" -f rollback/rollback_01_users.sql
	assert_sql "select to_regclass('users') is null" t
}

@test "a run keeps status, stdout and stderr apart" {
	printf '#!/bin/sh\necho "to stdout $1"; echo "to stderr" >&2; exit 3\n' >program
	chmod +x program
	RUNG=$PROJECT/program
	run_rung here
	assert_status 3
	assert_output "to stdout here"
	assert_errors_contain "to stderr"
	refute_output_contains "stderr"

	start_rung there
	finish_rung
	assert_status 3
	assert_output "to stdout there"
	assert_errors_contain "to stderr"
}

@test "waiting ends with the event" {
	sql "create table bell (id int)"
	(sql "select pg_sleep(0.2); insert into bell values (1)") 3>&- &
	wait_for "exists (select from bell)"
}

@test "the dump of a schema leaves the history out and stays the same" {
	sql "create table kept (id int); create table schema_version (version int)"
	run dump_schema
	assert_output_contains "CREATE TABLE public.kept"
	refute_output_contains "schema_version"
	refute_output_contains "restrict"
	assert_equal "$(dump_schema)" "$output"
}

@test "a server of one's own may be durable, and crashes on request" {
	server_start_own durable fsync=on
	assert_sql "show fsync" on
	sql "create table kept as select 1 as one"
	server_stop durable immediate
	run sql "select 1"
	[ "$status" -ne 0 ]
	server_start durable
	assert_sql "select one from kept" 1
}

@test "an older major" {
	server_start_other 12
	assert_sql "select current_setting('server_version_num')::int / 10000" 12
}

@test "a newer major" {
	server_start_other 18
	assert_sql "select current_setting('server_version_num')::int / 10000" 18
}

@test "PgBouncer is in between, in transaction mode" {
	pgbouncer_start transaction
	assert_sql "select current_database() = '$TEST_DATABASE'" t
	run psql -XAtq -d "$(url_of_database "$DATABASE_URL" pgbouncer)" -c "show config"
	assert_output_matches "pool_mode\\|transaction"
}

@test "the proxy counts round trips, bytes and commits" {
	proxy_start
	sql "begin; create table t (id int); commit"
	proxy_stats
	[ "$(proxy_stat connections)" -eq 1 ]
	[ "$(proxy_stat round_trips)" -eq 2 ]
	[ "$(proxy_stat commits)" -eq 1 ]
	[ "$(proxy_stat server_bytes)" -gt 100 ]
}

@test "the proxy makes round trips longer" {
	proxy_start --delay-ms 150
	local before=${EPOCHREALTIME/./}
	sql "select 1"
	# The startup packet and the query.
	[ $((${EPOCHREALTIME/./} - before)) -ge 300000 ]
}

@test "the proxy cuts before and after the answer to COMMIT" {
	local when
	for when in before after; do
		proxy_start "--cut-$when-commit-reply" --cut-once
		run psql -Xq -d "$DATABASE_URL" <<-SQL
			begin;
			create table $when (id int);
			commit;
			select 1;
		SQL
		[ "$status" -ne 0 ]
		assert_output_contains "server closed the connection"
		assert_sql "select to_regclass('$when') is not null" t
		proxy_stats
		[ "$(proxy_stat cuts)" -eq 1 ]
		DATABASE_URL=$DIRECT_URL
	done
}

@test "the proxy cuts after any message of either side" {
	proxy_start --cut-after-messages 3
	run sql "select 1"
	[ "$status" -ne 0 ]
	DATABASE_URL=$DIRECT_URL
	proxy_start --cut-after-client-messages 2
	run sql "select 1"
	[ "$status" -ne 0 ]
}

@test "the proxy stalls without ending" {
	proxy_start --cut-after-client-messages 2 --stall
	run timeout 1 psql -XAtq -d "$DATABASE_URL" -c "select 1"
	[ "$status" -eq 124 ]
}

@test "a test run does not depend on who starts it" {
	if ! env --default-signal true; then skip "env of this system cannot reset signals"; fi
	local kept=(HOME PATH RUNG RUNG_TEST_CACHE RUNG_TEST_PROXY) name variables=()
	for name in "${kept[@]}"; do variables+=("$name=${!name:-}"); done
	# As from cron, nohup and a service manager at once.
	run env -i "${variables[@]}" PATH=/usr/local/bin:/usr/bin:/bin \
		env --ignore-signal=INT,QUIT,HUP,PIPE,CHLD bash -c '
		umask 077; ulimit -S -n 64
		exec "$0" -v -f "nothing of the test before|keeps status" cases/harness' "$TESTS/run_cases.sh" <&- 3>&- 4>&-
	assert_status 0
	assert_output_contains "cases: 2 passed, 0 failed"
}

nothing_runs_in() { [ -z "$(ls "$1")" ] && ! kill -0 "$2" 2>/dev/null; }

@test "a test run that is killed leaves neither a server nor a folder" {
	local at=$RUNG_RUN/killed pid server
	mkdir "$at"
	RUNG_TEST_CALLER='' TMPDIR=$at RUNG_TEST_JOBS=1 "$TESTS/run_cases.sh" -f "waiting ends" cases/harness >said 2>&1 3>&- 4>&- &
	pid=$!
	wait_until 30 compgen -G "$at/*/1/main/data/postmaster.pid" >server.pid
	server=$(head -n 1 "$(cat server.pid)")
	kill -KILL "$pid"
	wait_until 30 nothing_runs_in "$at" "$server"
}
