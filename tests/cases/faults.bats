# One call of the program fails, each in its turn: what is queued, flushed, read, allocated and
# written. Whatever it says then is held against the database: 0 means that all is done, anything
# else leaves history and schema in agreement, and the same command again reaches the end that was
# asked for. "make check-long" takes every point.

load ../lib/rung

export RUNG_DRIFT_KEEP=no # what is kept of the schema at the end of a run has its sweep in drift.bats
load ../lib/backup

FAULTS=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so

setup() {
	rung_setup
	[ -e "$FAULTS" ] || skip "faults.so is not built"
	case $RUNG in */asan/*) skip "the sanitizer has an allocator of its own" ;; esac
}

teardown() {
	backup_teardown
	rung_teardown
}

# Each migration leaves its number in "seen", once, and takes it away again.
project() {
	migration 01_seen <<<"create table seen (id int); insert into seen values (1);"
	rollback_of 01_seen <<<"drop table seen;"
	migration 02_b <<<"create table b (id int); insert into seen values (2);"
	rollback_of 02_b <<<"drop table b; delete from seen where id = 2;"
	printf 'copy seen from stdin;\n3\n\\.\ncreate table c (id int);\n' >schema/03_data.sql
	rollback_of 03_data <<<"delete from seen where id = 3; drop table c;"
	migration 04_plain <<<$'-- rung: transaction: none\ninsert into seen values (4);\ncreate index concurrently seen_id on seen (id);'
	rollback_of 04_plain <<<$'-- rung: transaction: none\ndrop index concurrently if exists seen_id;\ndelete from seen where id = 4;'
	migration 05_d <<<"create table d (id int); insert into seen values (5);"
	rollback_of 05_d <<<"drop table d; delete from seen where id = 5;"
	migration 06_e <<<"create table e (id int); insert into seen values (6);"
	rollback_of 06_e <<<"drop table e; delete from seen where id = 6;"
}

# What is recorded as applied and what is there; half-done plain ones may have either.
recorded() {
	sql "select coalesce(string_agg(version::text, ' ' order by version), '') from schema_version where state = 'applied'" 2>/dev/null || true
}
present() {
	sql "select coalesce(string_agg(id::text, ' ' order by id), '') from seen" 2>/dev/null || true
}
half_done() {
	sql "select coalesce(string_agg(version::text, ' '), '') from schema_version where state <> 'applied'" 2>/dev/null || true
}

assert_agreement() {
	local half there
	half=$(half_done)
	there=$(present)
	if [ -n "$half" ]; then
		assert_equal "$half" 4
		there=$(tr ' ' '\n' <<<"$there" | grep -vx 4 | paste -sd ' ')
	fi
	assert_equal "$there" "$(recorded)" "history and database disagree"
}

start_over() {
	sql "set client_min_messages = error; drop schema public cascade; create schema public"
}

# faulty CLASS:N ARGS… - runs the program with that fault.
faulty() {
	local fault=$1
	shift
	run --separate-stderr env LD_PRELOAD="$FAULTS" RUNG_FAULT="$fault" timeout -k 5 60 "$RUNG" "$@"
	errors=$stderr
	last_command="RUNG_FAULT=$fault rung $*"
}

# points CLASS STRIDE ARGS… - the places of that class in a run that meets no fault, one in STRIDE.
points() {
	local class=$1 stride=${RUNG_TEST_LONG:+1} count
	stride=${stride:-$2}
	shift 2
	env LD_PRELOAD="$FAULTS" RUNG_FAULT_COUNT="$PROJECT/counts" "$RUNG" "$@" >/dev/null 2>&1
	count=$(sed -n "s/^$class=//p" "$PROJECT/counts")
	[ "$count" -gt 3 ] || fail "there is nothing of class $class to fail in: $count"
	seq "$((RANDOM % (stride < count ? stride : count) + 1))" "$stride" "$count"
}

# sweep CLASS STRIDE PREPARE EXPECTED ARGS… - after PREPARE the command is to leave EXPECTED.
sweep() {
	local class=$1 stride=$2 prepare=$3 expected=$4 at tried=0
	shift 4
	"$prepare"
	for at in $(points "$class" "$stride" "$@"); do
		"$prepare"
		faulty "$class:$at" "$@"
		if [ "$status" -gt 128 ] || [ "$status" -eq 124 ]; then fail "it crashed or hung"; fi
		assert_agreement
		if [ "$status" -ne 0 ]; then
			run_rung "$@"
			assert_status 0
			assert_agreement
		fi
		assert_equal "$(recorded)" "$expected" "the end is not the one asked for, with $class:$at"
		tried=$((tried + 1))
	done
	[ "$tried" -gt 0 ]
	echo "# $class: $tried points" >&3
}

# Everything is applied, and the last run is known to be finished.
all_applied() {
	start_over
	"$RUNG" upgrade >/dev/null 2>&1
}

# The plain one is half-done: its second statement failed.
half_applied() {
	start_over
	sed -i 's/seen (id)/seen (wrong)/' schema/04_plain.sql
	"$RUNG" upgrade >/dev/null 2>&1 || true
	sed -i 's/seen (wrong)/seen (id)/' schema/04_plain.sql
}

@test "upgrade: a message that cannot be queued" {
	project
	sweep queue 13 start_over "1 2 3 4 5 6" upgrade
}

@test "upgrade: a flush, a read and an allocation that fails" {
	local at
	project
	sweep flush 41 start_over "1 2 3 4 5 6" upgrade
	sweep input 23 start_over "1 2 3 4 5 6" upgrade
	sweep memory 1700 start_over "1 2 3 4 5 6" upgrade
	# The end of the first pipeline and what was skipped before it, for which libpq has no memory: it says
	# nothing then, and nobody waits for it.
	for at in {25..31}; do
		start_over
		faulty "memory:$at" upgrade
		if [ "$status" -ge 124 ]; then fail "it crashed or hung"; fi
		assert_agreement
	done
}

@test "upgrade: a line that fails in the middle of a message" {
	project
	sweep send 13 start_over "1 2 3 4 5 6" upgrade
	sweep recv 13 start_over "1 2 3 4 5 6" upgrade
}

@test "upgrade +3 and in a single transaction" {
	project
	sweep queue 37 start_over "1 2 3" upgrade +3
	sweep recv 11 start_over "1 2 3" upgrade +3
	rm schema/04_plain.sql rollback/rollback_04_plain.sql
	sweep queue 41 start_over "1 2 3 5 6" upgrade --single-transaction
	sweep recv 11 start_over "1 2 3 5 6" upgrade --single-transaction
}

@test "downgrade -4, the default and to base" {
	project
	sweep queue 43 all_applied "1 2" downgrade -4 --force
	sweep recv 13 all_applied "1 2" downgrade -4 --force
	sweep memory 2300 all_applied "1 2" downgrade -4 --force
	sweep queue 29 all_applied "1 2 3 4 5" downgrade --force
	sweep recv 7 all_applied "1 2 3 4 5" downgrade --force
	sweep input 13 all_applied "" downgrade base --force
}

# What only reads says what it says without a fault, or that it could not.
@test "status, log, check and fingerprint" {
	local verb class at said tried=0
	project
	migration 07_fails <<<$'-- rung: transaction: none\nselect 1;\nselect 1 / 0;'
	"$RUNG" upgrade >/dev/null 2>&1 || true
	for verb in status log check fingerprint; do
		said=$("$RUNG" "$verb" 2>/dev/null) || true
		case $verb in status) [[ $said == *"Last failure"* ]] ;; esac
		for class in queue send recv; do
			for at in $(points "$class" 5 "$verb"); do
				faulty "$class:$at" "$verb"
				if [ "$status" -gt 128 ] || [ "$status" -eq 124 ]; then fail "it crashed or hung"; fi
				# That it could not look for drift it says as well, and the rest is whole.
				output=$(grep -v '^Drift  *not known: ' <<<"$output") || true
				case $status in 0 | 3) assert_output "$said" ;; esac
				tried=$((tried + 1))
			done
		done
	done
	echo "# $tried points" >&3
}

@test "resume" {
	project
	sweep queue 23 half_applied "1 2 3 4" resume
	sweep recv 9 half_applied "1 2 3 4" resume
}

@test "memory that stays exhausted for a large statement is an error, and nothing of its file stays" {
	project
	{ echo "create table large (t text);" && printf "insert into large values ('" && head -c 100000000 /dev/zero | tr '\0' x && echo "');"; } >schema/07_large.sql
	migration 08_after <<<"create table after_it (id int);"
	"$RUNG" upgrade 06 >/dev/null 2>&1
	run --separate-stderr bash -c "ulimit -v 256000 && exec '$RUNG' upgrade"
	errors=$stderr
	[ "$status" -ne 0 ] || fail "success was said"
	assert_equal "$(recorded)" "1 2 3 4 5 6"
	assert_sql "select to_regclass('large') is null, to_regclass('after_it') is null" "t|t"
	run_rung upgrade
	assert_status 0
	assert_equal "$(recorded)" "1 2 3 4 5 6 7 8"
}

@test "a restore" {
	local at expected
	project
	"$RUNG" upgrade >/dev/null 2>&1
	backup_setup
	"$RUNG" backup >/dev/null 2>&1
	fresh_database
	expected=$(present)
	for at in $(points queue 31 restore latest --into "$FRESH") $(points recv 60 restore latest --into "${FRESH}_2"); do
		sql "drop database if exists $FRESH" 2>/dev/null
		faulty "$([ "$at" -gt 0 ] && echo "queue:$at")" restore latest --into "$FRESH"
		if [ "$status" -eq 0 ]; then
			assert_equal "$(psql -XAtq -d "$FRESH_URL" -c "select string_agg(id::text, ' ' order by id) from seen")" "$expected"
		else
			assert_sql "select count(*) from pg_database d where datname = '$FRESH' and shobj_description(d.oid, 'pg_database') is null" 0
		fi
	done
}
