# The verbs that write the history without running a migration, and those that write files beside
# it: cut at every message of the server, and with each call of the program failing in its turn.
# Whatever it says then, the same command again ends where a run that nothing disturbed ends, and
# nothing is recorded twice. "make check-long" takes every point.

load ../lib/rung
load ../lib/import

export RUNG_DRIFT_KEEP=no # what is kept of the schema has its sweep in drift.bats

FAULTS=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so

start_over() {
	DATABASE_URL=${DIRECT_URL:-$DATABASE_URL}
	sql "set client_min_messages = error; drop schema public cascade; create schema public"
	rm -rf "$PROJECT"/{schema,rollback,migrations,seeds,rung.ini}
	mkdir -p "$PROJECT"/{schema,rollback}
}

three_files() {
	start_over
	for name in 01_users 02_orders 03_items; do
		migration "$name" <<<"create table ${name#*_} (n int);"
		rollback_of "$name" <<<"drop table ${name#*_};"
	done
}

three_applied() {
	three_files
	"$RUNG" upgrade >/dev/null 2>&1
}

edited() {
	three_applied
	echo "-- edited" >>schema/02_orders.sql
	echo "-- edited" >>schema/03_items.sql
}

file_gone() {
	three_applied
	rm schema/02_orders.sql rollback/rollback_02_orders.sql
}

log_dropped() {
	three_applied
	sql "drop table schema_version_log"
}

two_heads() {
	three_applied
	migration 04_left <<<$'-- rung: branch: left\n-- rung: requires: 03\ncreate table l (n int);'
	migration 05_right <<<$'-- rung: branch: right\n-- rung: requires: 03\ncreate table r (n int);'
	rollback_of 04_left <<<"drop table l;"
	rollback_of 05_right <<<"drop table r;"
}

twins() {
	three_applied
	migration 04_left <<<"create table l (n int);"
	migration 04_right <<<"create table r (n int);"
	rollback_of 04_left <<<"drop table l;"
	rollback_of 04_right <<<"drop table r;"
}

golang_history() {
	start_over
	golang_project
	sql "$(cat migrations/000001*.up.sql migrations/000002*.up.sql)"
	sql "create table schema_migrations (version bigint not null primary key, dirty boolean not null);
	     insert into schema_migrations values (2, false)"
}

seeds_here() {
	three_applied
	mkdir -p seeds
	echo "insert into users values (1) ;" >seeds/01_users.sql
}

# What is recorded, what was done, what lies there. Not when, and by which try.
outcome() {
	local url=${DIRECT_URL:-$DATABASE_URL}
	psql_at "$url" "select version, name, state, checksum from schema_version order by 1"
	psql_at "$url" "select action, version, name, count(*) from schema_version_log where outcome = 'done' group by 1, 2, 3 order by 1, 2, 3"
	(cd "$PROJECT" && find schema rollback rung.ini -type f -exec sha256sum {} + 2>/dev/null | sort)
	return 0
}

psql_at() { psql -XqAt -d "$1" -c "$2" 2>&1; }

# undisturbed PREPARE ARGS… - prints the outcome of a run that nothing disturbs.
undisturbed() {
	"$1"
	shift
	"$RUNG" "$@" >/dev/null 2>"$BATS_TEST_TMPDIR/undisturbed" || fail "undisturbed: $(cat "$BATS_TEST_TMPDIR/undisturbed")"
	outcome
}

# again EXPECTED ARGS… - what is disturbed no more; the end is the expected one.
again() {
	local expected=$1
	shift
	if [ "$status" -gt 128 ] || [ "$status" -eq 124 ]; then fail "it crashed or hung"; fi
	if [ "$status" -ne 0 ]; then
		run_rung "$@"
		assert_status 0
	fi
	assert_equal "$(outcome)" "$expected" "another end than that of a run that nothing disturbs"
}

# cut PREPARE ARGS… - a line that is cut after each message of the server.
cut_verb() {
	local prepare=$1 expected count at stride=${RUNG_TEST_LONG:+1}
	shift
	expected=$(undisturbed "$prepare" "$@")
	"$prepare"
	proxy_start
	run_rung "$@"
	assert_status 0
	proxy_stats >/dev/null
	count=$(proxy_stat server_messages)
	[ "$count" -gt 5 ] || fail "there is something to cut"
	stride=${stride:-$((count / 4 + 1))}
	for at in $(seq "$((RANDOM % stride + 1))" "$stride" "$count"); do
		"$prepare"
		proxy_start --cut-after-messages "$at"
		run_rung "$@"
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
		again "$expected" "$@" || fail "cut after message $at of $count: $*"
	done
	DATABASE_URL=$DIRECT_URL
}

# faults PREPARE ARGS… - each call that can fail, class by class.
fail_verb() {
	local prepare=$1 expected class count at stride
	shift
	expected=$(undisturbed "$prepare" "$@")
	for class in queue flush read alloc write; do
		"$prepare"
		env LD_PRELOAD="$FAULTS" RUNG_FAULT_COUNT="$BATS_TEST_TMPDIR/counts" "$RUNG" "$@" >/dev/null 2>&1
		count=$(sed -n "s/^$class=//p" "$BATS_TEST_TMPDIR/counts")
		stride=${RUNG_TEST_LONG:+1}
		stride=${stride:-$((count / 2 + 1))}
		for at in $(seq "$((RANDOM % stride + 1))" "$stride" "${count:-0}"); do
			"$prepare"
			run --separate-stderr env LD_PRELOAD="$FAULTS" RUNG_FAULT="$class:$at" timeout -k 5 60 "$RUNG" "$@"
			errors=$stderr
			again "$expected" "$@" || fail "with $class:$at of $count: $*"
		done
	done
}

disturbed() {
	cut_verb "$@"
	if [ -e "$FAULTS" ] && [[ $RUNG != */asan/* ]]; then fail_verb "$@"; fi
}

@test "stamp, forwards and back" {
	disturbed three_files stamp head
	disturbed three_applied stamp 01_users --force
}

@test "repair: edited files, a file that is gone, a log that is gone" {
	disturbed edited repair
	disturbed file_gone repair 02_orders --forget --force
	disturbed log_dropped repair --log --force
}

@test "merge and create" {
	fail_verb two_heads merge -m "both"
	disturbed three_applied create "one more"
}

@test "import with a history" {
	disturbed golang_history import golang-migrate migrations
}

@test "renumber" {
	disturbed twins renumber 04_right
}

# A question that fails is no answer: what was asked before it does not stand for it.
@test "a log that is gone is never taken for one that is intact or empty" {
	local class at count verb
	[ -e "$FAULTS" ] || skip "faults.so is not built"
	case $RUNG in */asan/*) skip "the sanitizer has an allocator of its own" ;; esac
	log_dropped
	for verb in "log --verify" check log; do
		for class in queue flush read alloc; do
			# shellcheck disable=SC2086 # words
			env LD_PRELOAD="$FAULTS" RUNG_FAULT_COUNT="$BATS_TEST_TMPDIR/counts" "$RUNG" $verb >/dev/null 2>&1 || true
			count=$(sed -n "s/^$class=//p" "$BATS_TEST_TMPDIR/counts")
			count=${count:-0}
			for at in $(seq "$((count > 40 ? count - 40 : 1))" "$count"); do
				# shellcheck disable=SC2086 # words
				run --separate-stderr env LD_PRELOAD="$FAULTS" RUNG_FAULT="$class:$at" timeout -k 5 60 "$RUNG" $verb
				if [ "$status" -eq 0 ]; then
					grep -qE "is gone|the log was not checked" <<<"$stderr" || fail "$verb with $class:$at of $count: $output $stderr"
				fi
			done
		done
	done
}
