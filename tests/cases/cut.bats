# The network is cut: before and after COMMIT's answer, and at every message of
# a small upgrade. Whatever the moment, running the same command again finishes,
# and nothing is applied twice. "make check-long" cuts at every message there is.

load ../lib/rung

export RUNG_DRIFT_KEEP=no # what is kept of the schema at the end of a run has its sweep in drift.bats

small_upgrade() {
	migration 01_a <<<"create table a (id int); insert into a values (1);"
	migration 02_b <<<"create table b (id int); insert into a values (2);"
	printf 'copy a from stdin;\n3\n4\n\\.\n' >schema/03_data.sql
	migration 04_index <<<"create index concurrently a_id on a (id);"
	migration 05_plain <<<$'-- rung: transaction: none\ninsert into a values (5);\ninsert into a values (6);'
	migration 06_c <<<"create table c (id int); insert into a values (7);"
}

# Everything is there, exactly once.
assert_whole() {
	DATABASE_URL=$DIRECT_URL
	assert_sql "select array_agg(id order by id) from a" "{1,2,3,4,5,6,7}"
	assert_sql "select count(*), count(*) filter (where state = 'applied') from schema_version" "6|6"
	assert_sql "select string_agg(version::text, ' ' order by version) from schema_version_log where outcome = 'done'" "1 2 3 4 5 6"
	assert_sql "select indisvalid from pg_index where indexrelid = 'a_id'::regclass" t
	assert_sql "select count(*) from schema_version_step" 0
}

start_over() {
	DATABASE_URL=${DIRECT_URL:-$DATABASE_URL}
	sql "set client_min_messages = error; drop schema public cascade; create schema public"
}

# finish_after_cut - what the cut left is finished by the next run, around the proxy.
finish_after_cut() {
	stop_helper "$PROXY"
	DATABASE_URL=$DIRECT_URL
	if [ "$status" -ne 0 ]; then
		assert_status 4
		run_rung upgrade
		assert_status 0
	fi
	assert_whole
}

# sweep OPTION PROXY-OPTION… - cuts after the 1st, (1 + stride)th … message of the given side.
sweep() {
	local stride=${RUNG_TEST_LONG:+1} side=$2 count at
	stride=${stride:-$1}
	shift 2
	small_upgrade
	proxy_start
	run_rung upgrade
	assert_status 0
	proxy_stats >/dev/null
	count=$(proxy_stat "$side")
	[ "$count" -gt 50 ] || fail "there is something to cut"
	for at in $(seq "$((RANDOM % stride + 1))" "$stride" "$count"); do
		start_over
		proxy_start "--cut-after-${side/server_/}" "$at" "$@"
		run_rung upgrade
		finish_after_cut || fail "cut after $side $at"
	done
}

@test "cut at the server's messages; rung connects again and finishes by itself" {
	small_upgrade
	sweep 31 server_messages --cut-once
}

@test "cut at the server's messages, again and again: the next run finishes" {
	sweep 61 server_messages
}

@test "a cut before and after the answer to each COMMIT" {
	local at when
	small_upgrade
	proxy_start
	run_rung upgrade
	proxy_stats >/dev/null
	for at in $(seq "$(proxy_stat commits)"); do
		for when in before after; do
			start_over
			proxy_start "--cut-$when-commit-reply" --commit "$at" --cut-once
			run_rung upgrade
			finish_after_cut || fail "cut $when the answer to COMMIT $at"
		done
	done
}

@test "a rollback that is cut is not done twice" {
	local at
	small_upgrade
	rollback_of 06_c <<<"drop table c; delete from a where id = 7;"
	rollback_of 05_plain <<<"delete from a where id in (5, 6);"
	for at in 20 25 30 35 40 45 50; do
		run_rung upgrade
		assert_status 0
		proxy_start --cut-after-messages "$at" --cut-once
		run_rung downgrade --force
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
		assert_status 0
		assert_sql "select max(version) from schema_version" 5
		assert_sql "select array_agg(id order by id) from a" "{1,2,3,4,5,6}"
	done
	assert_sql "select count(*) from schema_version_log where action = 'rollback'" 7
}

@test "+1 that is cut is one all the same" {
	local at
	small_upgrade
	for at in 20 30 35 40; do
		start_over
		proxy_start --cut-after-messages "$at" --cut-once
		run_rung upgrade +1
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
		assert_status 0
		assert_sql "select string_agg(version::text, ' ') from schema_version" 1
	done
}

@test "a line that is reset" {
	local at port
	small_upgrade
	for at in 16 24 33 47 70 90; do
		start_over
		port=$(free_port)
		proxy_on_port "$port" --cut-after-messages "$at" --cut-once --reset
		run_rung upgrade
		finish_after_cut || fail "reset after message $at"
	done
}

# A million rows, inline or in a file of their own: the cut falls among them.
lots_of_data() {
	migration 01_a <<<"create table a (id int);"
	if [ "$1" = inline ]; then
		{ echo 'copy a from stdin;' && seq 1000000 && echo '\.'; } >schema/02_data.sql
	else
		seq 1000000 >rows.txt
		migration 02_data <<<"\copy a from 'rows.txt'"
	fi
}

@test "a line that is lost for good among COPY data: exit 4, no word of a failure, and nothing of it stays" {
	local where
	for where in inline file; do
		lots_of_data "$where"
		proxy_start --cut-after-client-messages 105
		run_rung upgrade
		assert_status 4
		assert_output_contains "01_a"
		refute_output_contains "✗"
		assert_errors_contain "Run the same command again to finish it"
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
		assert_sql "select count(*) from a" 0
		assert_sql "select count(*) from schema_version_log where outcome <> 'done'" 0
		run_rung upgrade
		assert_status 0
		assert_sql "select count(*), count(distinct id) from a" "1000000|1000000"
		start_over
	done
}

@test "a line that is lost once among COPY data: rung finishes by itself" {
	lots_of_data inline
	proxy_start --cut-after-client-messages 105 --cut-once
	run_rung upgrade
	assert_status 0
	DATABASE_URL=$DIRECT_URL
	assert_sql "select count(*), count(distinct id) from a" "1000000|1000000"
	assert_sql "select string_agg(version || ' ' || outcome, ', ' order by id) from schema_version_log" "1 done, 2 done"
}

# As proxy_start, on a port: only there a connection can be reset.
proxy_on_port() {
	local port=$1 dir=$RUNG_RUN/proxy-$BATS_SUITE_TEST_NUMBER-$RANDOM
	shift
	if [ -n "${RUNG_TEST_SERVER_URL:-}" ]; then skip "the proxy is tested in front of the private server"; fi
	mkdir "$dir"
	PROXY=${dir##*/}
	"${RUNG_TEST_PROXY:-$ROOT/build/tests/proxy}" --listen "$port" --connect "$RUNG_RUN/$TEST_SERVER/.s.PGSQL.5432" \
		--stats "$dir/stats" "$@" </dev/null >"$dir/log" 2>&1 3>&- 4>&- &
	helper_started "$PROXY" "$!"
	DIRECT_URL=${DIRECT_URL:-$DATABASE_URL}
	DATABASE_URL="postgresql://postgres@127.0.0.1:$port/$TEST_DATABASE"
	wait_until 15 psql -XAtq -d "$DATABASE_URL" -c 'select 1' >/dev/null 2>&1
}

@test "a line that stalls is left by Ctrl-C, and the next run finishes" {
	small_upgrade
	proxy_start --cut-after-messages 40 --stall
	start_rung upgrade
	DATABASE_URL=$DIRECT_URL
	wait_for "exists (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state like 'idle%')"
	kill -TERM "$rung_pid"
	finish_rung
	[ "$status" = 130 ] || [ "$status" = 4 ] || fail "it left"
	stop_helper "$PROXY"
	run_rung upgrade
	assert_status 0
	assert_whole
}

# --- what ends idle connections -------------------------------------------------------

@test "a line that is cut twice after the same silence: it is said, and direct_url goes past it" {
	migration 01_a <<<"create table a (id int);"
	migration 02_slow <<<"select pg_sleep(4); create table b (id int);"
	rollback_of 02_slow <<<"drop table b;"
	proxy_start --cut-after-silence-ms 1500
	export DIRECT_URL
	local direct=$DIRECT_URL
	unset DIRECT_URL
	run_rung upgrade
	assert_status 4
	assert_errors_contain "Both times it had been idle for about 2.0 s."
	assert_errors_contain "keepalives_idle=1"
	assert_errors_contain "--direct-url"
	refute_errors_contain "Run the same command again"
	assert_equal "$(psql -XAtq -d "$direct" -c 'select count(*) from schema_version')" 1
	# The advice is followed.
	run_rung upgrade --direct-url "$direct"
	assert_status 0
	assert_errors_contain "continuing with direct_url"
	DATABASE_URL=$direct
	assert_sql "select count(*) from schema_version" 2
}

@test "a pause of ours is no silence" {
	sql "create table items (id bigint primary key, n int not null default 0); insert into items (id) select generate_series(1, 200)"
	migration 01_fill <<-'SQL'
		-- rung: batch table=items key=id size=100 pause=4s
		update items set n = n + 1 where id > :lo and id <= :hi;
	SQL
	proxy_start --cut-after-silence-ms 2500
	run_rung upgrade
	assert_status 0
	refute_errors_contain "lost"
	proxy_stats >/dev/null
	assert_equal "$(proxy_stat cuts)" 0
	DATABASE_URL=$DIRECT_URL
	assert_sql "select n, count(*) from items group by n" "1|200"
}
