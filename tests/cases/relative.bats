# A relative target is resolved once: what was cut off is finished by the same command, and never
# taken a second time, no matter who types it and however often.

load ../lib/rung

export RUNG_DRIFT_KEEP=no # what is kept of the schema at the end of a run has its sweep in drift.bats

# Eight small migrations, all of which can be taken back.
eight() {
	local i
	for i in 1 2 3 4 5 6 7 8; do
		migration "0${i}_m$i" <<<"create table m$i (id int);"
		rollback_of "0${i}_m$i" <<<"drop table m$i;"
	done
}

recorded() { sql "select coalesce(string_agg(version::text, ' ' order by version), '') from schema_version"; }
present() { sql "select coalesce(string_agg(substr(relname, 2), ' ' order by relname), '') from pg_class where relname ~ '^m[0-9]$'"; }

assert_at() {
	assert_equal "$(recorded)" "$1"
	assert_equal "$(present)" "$1"
}

# again ARGS… - as a script does that retries blindly: until it says 0.
again() {
	local tries
	for tries in 1 2 3; do
		run_rung "$@"
		[ "$status" -ne 0 ] || return 0
	done
	fail "it does not end"
}

# sweep FROM EXPECTED STRIDE ARGS… - cut after each of the client's, and of the server's messages.
sweep() {
	local from=$1 expected=$2 stride=${RUNG_TEST_LONG:+1} side count at
	stride=${stride:-$3}
	shift 3
	for side in client-messages messages; do
		"$RUNG" downgrade base --force >/dev/null 2>&1
		# shellcheck disable=SC2086 # a command line
		"$RUNG" $from >/dev/null 2>&1
		proxy_start
		run_rung "$@"
		proxy_stats >/dev/null
		count=$(proxy_stat "$([ $side = messages ] && echo server_messages || echo client_messages)")
		DATABASE_URL=$DIRECT_URL
		for at in $(seq "$((RANDOM % stride + 1))" "$stride" "$count"); do
			"$RUNG" downgrade base --force >/dev/null 2>&1
			# shellcheck disable=SC2086
			"$RUNG" $from >/dev/null 2>&1
			proxy_start "--cut-after-$side" "$at"
			run_rung "$@"
			stop_helper "$PROXY"
			DATABASE_URL=$DIRECT_URL
			if [ "$status" -ne 0 ]; then again "$@"; fi
			assert_at "$expected" || fail "cut after $side $at"
		done
	done
}

@test "downgrade -4, -1 by default and upgrade +2, cut at every message of either side: the end is the one asked for" {
	eight
	sweep upgrade "1 2 3 4" 61 downgrade -4 --force
	sweep upgrade "1 2 3 4 5 6 7" 37 downgrade --force
	sweep "upgrade +3" "1 2 3 4 5" 43 upgrade +2
}

@test "in a single transaction, too" {
	eight
	sweep upgrade "1 2 3 4" 47 downgrade -4 --force --single-transaction
	sweep "upgrade +3" "1 2 3 4 5" 31 upgrade +2 --single-transaction
}

@test "a step that fails: the same command continues with the rest, and says what it finishes" {
	eight
	"$RUNG" upgrade >/dev/null 2>&1
	rollback_of 06_m6 <<<"drop table m6; drop table nothing;"
	run_rung downgrade -4 --force
	assert_status 1
	assert_errors_contain 'continue with "rung downgrade 04_m4".'
	assert_at "1 2 3 4 5 6"
	rollback_of 06_m6 <<<"drop table m6;"
	run_rung downgrade -4 --force
	assert_status 0
	assert_errors_contain 'finishing "downgrade -4" from 08_m8 to 04_m4'
	assert_errors_contain "2 of 4 steps left"
	assert_at "1 2 3 4"
	run_rung downgrade -1 --force
	assert_status 0
	refute_errors_contain finishing
	assert_at "1 2 3"
}

@test "an unfinished run: its absolute command, another number, --new, the other direction" {
	eight
	unfinished() {
		"$RUNG" downgrade base --force >/dev/null 2>&1
		rollback_of 06_m6 <<<"drop table m6;"
		"$RUNG" upgrade >/dev/null 2>&1
		rollback_of 06_m6 <<<"drop table m6; drop table nothing;"
		"$RUNG" downgrade -4 --force >/dev/null 2>&1 && fail "it was to fail"
		rollback_of 06_m6 <<<"drop table m6;"
	}
	unfinished
	run_rung downgrade 04_m4 --force
	assert_status 0
	assert_at "1 2 3 4"
	run_rung downgrade -4 --force --dry-run
	refute_errors_contain finishing
	unfinished
	run_rung status
	assert_output_contains "downgrade -4, from 08_m8 to 04_m4"
	assert_refused 3 downgrade -3 --force
	assert_errors_contain 'an unfinished "downgrade -4" leads from 08_m8 to 04_m4'
	assert_errors_contain 'rung downgrade -4'
	run_rung downgrade -3 --force --new
	assert_status 0
	assert_at "1 2 3"
	unfinished
	run_rung upgrade +1
	assert_status 0
	refute_errors_contain finishing
	assert_at "1 2 3 4 5 6 7"
	run_rung downgrade -4 --force
	assert_status 0
	assert_at "1 2 3"
	unfinished
	run_rung downgrade -4 --force --dry-run
	assert_status 0
	assert_errors_contain "2 of 4 steps left"
	assert_output_contains "2 steps planned"
}

@test "a run that is at work is waited for, and not refused as an unfinished one" {
	local first
	eight
	"$RUNG" upgrade +1 >/dev/null 2>&1
	sql "create table held (id int)"
	migration 03_m3 <<<"-- rung: transaction: none
		create table m3 (id int); set lock_timeout = 0; insert into held values (2);"
	mkfifo hold
	psql -XAtq -d "$DATABASE_URL" <hold >/dev/null &
	exec 9>hold
	echo "begin; lock table held in share mode;" >&9
	wait_for "exists (select from pg_locks where relation = 'held'::regclass and mode = 'ShareLock')"
	start_rung upgrade +2
	first=$rung_pid
	wait_for "exists (select from schema_version_run where target = '+2')"
	run_rung upgrade +3 --dry-run
	assert_status 3
	assert_errors_contain "may still be running"
	start_rung upgrade +3
	wait_for "(select count(*) from pg_stat_activity where application_name like 'rung %' and datname = current_database()) > 2"
	echo "commit; \\q" >&9
	exec 9>&-
	finish_rung "$first"
	assert_status 0
	finish_rung
	assert_status 0
	assert_at "1 2 3 4 5 6"
}

@test "a number of an unfinished run whose file is another one by now is noticed" {
	eight
	migration 03_m3 <<<"select 1 / 0;"
	run_rung upgrade +4
	assert_status 1
	mv schema/03_m3.sql schema/03_other.sql
	mv rollback/rollback_03_m3.sql rollback/rollback_03_other.sql
	migration 03_other <<<"create table m3 (id int);"
	assert_refused 3 upgrade +4
	assert_errors_contain 'the unfinished "upgrade +4" meant 03_m3, and the file of that number is 03_other now'
	assert_errors_contain "rung upgrade +4 --new"
	run_rung upgrade +4 --new
	assert_status 0
	assert_at "1 2 3 4 5 6"
}

@test "what others did since is not undone: their run makes the unfinished one one of the past" {
	eight
	"$RUNG" upgrade >/dev/null 2>&1
	rollback_of 06_m6 <<<"drop table m6; drop table nothing;"
	"$RUNG" downgrade -4 --force >/dev/null 2>&1 || true
	rollback_of 06_m6 <<<"drop table m6;"
	"$RUNG" stamp 06 >/dev/null 2>&1
	"$RUNG" upgrade >/dev/null 2>&1
	run_rung downgrade -1 --force
	assert_status 0
	refute_errors_contain finishing
	assert_at "1 2 3 4 5 6 7"
}

@test "the answer to the last step is lost and the program is killed: the same command takes no further step" {
	eight
	"$RUNG" upgrade >/dev/null 2>&1
	proxy_start --cut-after-commit-reply --commit 1 --stall
	start_rung downgrade --force
	DATABASE_URL=$DIRECT_URL
	wait_for "not exists (select from schema_version where version = 8)"
	kill -KILL "$rung_pid"
	finish_rung
	stop_helper "$PROXY"
	assert_at "1 2 3 4 5 6 7"
	run_rung downgrade --force
	assert_status 0
	assert_errors_contain "0 of 1 steps left"
	assert_at "1 2 3 4 5 6 7"
	run_rung downgrade --force
	assert_status 0
	assert_at "1 2 3 4 5 6"
}

@test "several that are asked to roll back one roll back one" {
	local i pids=()
	eight
	"$RUNG" upgrade >/dev/null 2>&1
	sql "begin; lock table schema_version in access exclusive mode; commit"
	for i in 1 2 3; do
		start_rung downgrade -2 --force
		pids+=("$rung_pid")
	done
	for i in "${pids[@]}"; do
		finish_rung "$i"
		assert_status 0
	done
	case $(recorded) in "1 2 3 4 5 6" | "1 2 3 4" | "1 2") ;; *) fail "it stopped half-way: $(recorded)" ;; esac
	assert_equal "$(present)" "$(recorded)"
}

@test "behind a transaction pooler" {
	eight
	pgbouncer_start
	run_rung upgrade
	assert_status 0
	sed -i 's/$/ drop table nothing;/' rollback/rollback_06_m6.sql
	run_rung downgrade -4 --force
	assert_status 1
	assert_at "1 2 3 4 5 6"
	rollback_of 06_m6 <<<"drop table m6;"
	run_rung downgrade -4 --force
	assert_status 0
	assert_errors_contain finishing
	assert_at "1 2 3 4"
	run_rung downgrade --force
	assert_status 0
	refute_errors_contain finishing
	assert_at "1 2 3"
}

@test "what does not end with 0 after the last step leaves the run unfinished: a hook, the last line, a kill" {
	local ways=("exit 7" "kill -9 \$PPID") way
	eight
	for way in "${ways[@]}"; do
		"$RUNG" upgrade >/dev/null 2>&1
		printf '[hooks]\nafter_downgrade = %s\n' "$way" >rung.ini
		run_rung downgrade -2 --force
		[ "$status" -ne 0 ] || fail "it was to fail"
		assert_at "1 2 3 4 5 6"
		run_rung downgrade -2 --force
		assert_status 0
		assert_errors_contain "0 of 2 steps left"
		assert_at "1 2 3 4 5 6"
		rm rung.ini
	done
	"$RUNG" upgrade >/dev/null 2>&1
	for way in 1 2 3; do
		status=0
		"$RUNG" downgrade -2 --force >/dev/full 2>/dev/null || status=$?
		assert_status 5
		assert_at "1 2 3 4 5 6"
	done
	run_rung downgrade -2 --force
	assert_status 0
	assert_at "1 2 3 4 5 6"
	run_rung downgrade -2 --force
	assert_status 0
	assert_at "1 2 3 4"
}

@test "the same after a failing hook behind a transaction pooler" {
	eight
	pgbouncer_start
	"$RUNG" upgrade >/dev/null 2>&1
	printf '[hooks]\nafter_downgrade = exit 7\n' >rung.ini
	run_rung downgrade -2 --force
	assert_status 5
	run_rung downgrade -2 --force
	assert_status 0
	assert_at "1 2 3 4 5 6"
}

@test "resume and repair handle a half-done migration, and end no unfinished run" {
	eight
	migration 02_m2 <<<"-- rung: transaction: none
		create table m2 (id int);
		select 1 / 0;"
	run_rung upgrade +3
	assert_status 6
	sed -i 's,1 / 0,1,' schema/02_m2.sql
	run_rung resume
	assert_status 0
	assert_at "1 2"
	run_rung status
	assert_output_contains "upgrade +3, from base to 03_m3"
	run_rung upgrade +3
	assert_status 0
	assert_errors_contain "1 of 3 steps left"
	assert_at "1 2 3"

	migration 05_m5 <<<"-- rung: transaction: none
		create table m5 (id int);
		select 1 / 0;"
	run_rung upgrade +3
	assert_status 6
	sql "drop table m5"
	migration 05_m5 <<<"create table m5 (id int);"
	run_rung repair 5 --force
	assert_status 0
	run_rung upgrade +3
	assert_status 0
	assert_at "1 2 3 4 5 6"

	migration 08_m8 <<<"select 1 / 0;"
	run_rung upgrade +2
	assert_status 1
	echo "-- edited" >>schema/07_m7.sql
	migration 08_m8 <<<"create table m8 (id int);"
	migration 09_m9 <<<"create table m9 (id int);"
	assert_refused 3 upgrade +2
	run_rung repair
	assert_status 0
	run_rung upgrade +2
	assert_status 0
	assert_at "1 2 3 4 5 6 7 8"
}

@test "who may not mark a run as finished begins none" {
	local role=marker_$$_$RANDOM
	eight
	"$RUNG" upgrade +1 >/dev/null 2>&1
	sql "create role $role login; grant create, usage on schema public to $role;
		grant select, insert on schema_version, schema_version_log, schema_version_run to $role"
	DIRECT_URL=$DATABASE_URL
	DATABASE_URL=${DATABASE_URL/postgres@/$role@}
	run_rung upgrade +1
	assert_status 1
	assert_errors_contain "permission denied for table schema_version_run"
	DATABASE_URL=$DIRECT_URL
	assert_at 1
	sql "grant update on schema_version_run to $role"
	DATABASE_URL=${DATABASE_URL/postgres@/$role@}
	run_rung upgrade +1
	assert_status 0
	DATABASE_URL=$DIRECT_URL
	assert_at "1 2"
	sql "drop owned by $role cascade; drop role $role" || true
}

@test "every connection is cut near the mark that the run is finished: no step is taken twice" {
	local count at from
	eight
	"$RUNG" upgrade +3 >/dev/null 2>&1
	proxy_start
	run_rung upgrade +1
	proxy_stats >/dev/null
	count=$(proxy_stat client_messages)
	# The first of two steps arrives, and the connection after it is cut where it makes the mark.
	for at in $(seq "$((count - 16))" "$((count + 2))"); do
		DATABASE_URL=$DIRECT_URL
		"$RUNG" downgrade 03_m3 --force >/dev/null 2>&1
		proxy_start --cut-after-client-messages "$at"
		run_rung upgrade +2
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
		if [ "$status" -ne 0 ]; then again upgrade +2; fi
		assert_at "1 2 3 4 5" || fail "cut after $at of $count"
	done
}
