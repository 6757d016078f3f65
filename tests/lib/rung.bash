# shellcheck shell=bash
# rung.bash - what a case needs: a project, a database, the program, claims
#
#	load ../lib/rung
#
#	@test "upgrade applies what is pending" {
#		migration 01_users <<<'create table users (id int);'
#		run_rung upgrade
#		assert_status 0
#		assert_sql "select count(*) from schema_version" 1
#	}
#
# README.md beside this file has the list. A case file with setup() or
# teardown() of its own calls rung_setup and rung_teardown in them.

bats_require_minimum_version 1.5.0

TESTS=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
ROOT=${TESTS%/*}
: "${RUNG:=$ROOT/build/rung}"
export RUNG

# shellcheck source=tests/lib/server.bash
source "$TESTS/lib/server.bash"
# shellcheck source=tests/lib/pooler.bash
source "$TESTS/lib/pooler.bash"

setup() { rung_setup; }
teardown() { rung_teardown; }

# --- a project and a database of one's own -----------------------------------

rung_setup() {
	if [ -z "${RUNG_RUN:-}" ]; then
		echo "start the cases with tests/run_cases.sh $BATS_TEST_FILENAME" >&2
		return 1
	fi
	# Nothing of the person who runs the tests may leak in.
	local name
	for name in $(compgen -e | grep -E '^(PG|RUNG_|DATABASE_URL$|.*_DATABASE_URL$)'); do
		case $name in
		RUNG_RUN | RUNG_TEST_*) ;;
		*) unset "$name" ;;
		esac
	done
	PROJECT=$(mktemp -d "$RUNG_RUN/tmp/project.XXXXXX")
	chmod 755 "$PROJECT"
	mkdir "$PROJECT/schema" "$PROJECT/rollback" "$PROJECT/.home"
	export HOME=$PROJECT/.home XDG_CACHE_HOME=$RUNG_RUN/cache NO_COLOR=1 LC_ALL=C.UTF-8 TZ=UTC
	cd "$PROJECT" || return 1
	unset DIRECT_URL
	test_servers=()
	test_databases=()
	test_pids=()
	server_use main
}

rung_teardown() {
	local name url
	for name in "${test_pids[@]}"; do stop_helper "$name"; done
	for name in "${test_servers[@]}"; do server_remove "$name"; done
	for url in "${test_databases[@]}"; do database_drop "$url"; done
	cd / && rm -rf "$PROJECT"
}

# server_use NAME - a fresh database on that server; DATABASE_URL and `sql` mean it.
server_use() {
	TEST_DATABASE=t_${BATS_SUITE_TEST_NUMBER:-0}_$$_$RANDOM
	TEST_SERVER=$1
	database_create "$(server_url "$1")" "$TEST_DATABASE"
	DATABASE_URL=$(server_url "$1" "$TEST_DATABASE")
	export DATABASE_URL
}

# A database of any name on the server the test uses, dropped at its end; prints nothing.
database_create() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "$1" -c "create database \"$2\" template template0"
	if [ "$TEST_SERVER" = main ]; then test_databases+=("$(url_of_database "$1" "$2")"); fi
}

database_drop() {
	local address=${1%%\?*} name
	name=${address##*/}
	psql -XAtq -d "$(url_of_database "$1" postgres)" >/dev/null 2>&1 <<-SQL || true
		select pg_terminate_backend(pid) from pg_stat_activity where datname = '$name';
		drop database if exists "$name";
	SQL
}

# server_start_other MAJOR - a server of another major; the rest of the test uses it.
server_start_other() {
	local bin name=v$1-$BATS_SUITE_TEST_NUMBER-$RANDOM
	if ! bin=$(server_other_bindir "$1"); then skip "$bin"; fi
	server_start_own "$name" --bin "$bin"
}

# server_start_own NAME [SETTING=VALUE…] - a server for this test alone, say fsync=on.
server_start_own() {
	test_servers+=("$1")
	server_new "$@"
	server_use "$1"
}

server_remove() {
	server_stop "$1" immediate
	rm -rf "${RUNG_RUN:?}/$1"
}

# migration NN_name <<SQL and rollback_of NN_name <<SQL write the files of a pair.
migration() { cat >"$PROJECT/schema/$1.sql"; }

# All tables of the history, as SQL has lists: what pg/history_table.c lists.
history_tables() {
	grep -o 'HISTORY_[A-Z_]*TABLE\] = "[^"]*"' "$ROOT/src/pg/history_table.c" | cut -d'"' -f2 | sed 's/^/schema_version/' | paste -sd , | sed 's/,/, /g'
}

rollback_of() { cat >"$PROJECT/rollback/rollback_$1.sql"; }

# long_only - for what another test of the file shows in its shorter form; "make check-long" runs it.
long_only() {
	if [ -z "${RUNG_TEST_LONG:-}" ]; then skip "a longer form of another test here: make check-long runs it"; fi
}

# --- the program -------------------------------------------------------------

# run_rung ARGS… - sets $status, $output (stdout) and $errors (stderr).
run_rung() {
	run --separate-stderr limited "${RUNG_TEST_TIMEOUT:-300}" "$RUNG" "$@"
	# shellcheck disable=SC2154 # bats sets it
	errors=$stderr
	last_command="rung $*"
}

# start_rung ARGS… - in the background; $rung_pid is its process. finish_rung waits for
# it and sets the same three as run_rung. Several may run: finish_rung PID.
start_rung() {
	local out
	out=$(mktemp "$RUNG_RUN/tmp/out.XXXXXX")
	: >"$out.errors"
	"$RUNG" "$@" >"$out" 2>"$out.errors" 3>&- 4>&- &
	rung_pid=$!
	# The process may not have opened them yet, so they keep their names.
	ln -s "$out" "$PROJECT/.out.$rung_pid"
	ln -s "$out.errors" "$PROJECT/.errors.$rung_pid"
	last_command="rung $*"
}

finish_rung() {
	local pid=${1:-$rung_pid}
	status=0
	wait "$pid" || status=$?
	output=$(cat "$PROJECT/.out.$pid")
	errors=$(cat "$PROJECT/.errors.$pid")
}

# What a process in the background has printed so far.
output_of() { cat "$PROJECT/.out.${1:-$rung_pid}"; }
errors_of() { cat "$PROJECT/.errors.${1:-$rung_pid}"; }

# A test that types into a terminal needs one to be had; minimal roots have no /dev/pts.
need_terminal() {
	script -qec true /dev/null >/dev/null 2>&1 || skip "no pseudo-terminals here"
}

# on_terminal [ANSWER] ARGS… - the program on a terminal of its own; $output is what it showed.
on_terminal() {
	local answer=$1
	shift
	status=0
	output=$(printf '%s' "$answer" | TERM=xterm timeout 60 script -qec "$RUNG $*" /dev/null 2>&1) || status=$?
	errors=
	last_command="rung $* (on a terminal)"
}

# need_python MODULE… - $python has them.
need_python() {
	local imports
	imports=$(printf 'import %s\n' "$@")
	for python in python3 /usr/bin/python3; do
		if "$python" -c "$imports" 2>/dev/null; then return; fi
	done
	skip "python3 has not all of $*; scripts/install_dependencies.sh --tests installs them"
}

limited() {
	if command -v timeout >/dev/null; then timeout --foreground -k 15 "$@"; else "${@:2}"; fi
}

# advised 'COMMAND' [STATUS] - the last command quoted that one, and it does what it should when it is run as it is
# printed. "%" stands for what differs. What the next advice of the same message needs is kept.
advised() {
	local text=$output$'\n'$errors pattern advice
	# shellcheck disable=SC2016 # no expressions
	pattern=$(sed -e 's/[][\.*^$()|{}?+]/\\&/g' -e 's/%/[^"]*/g' <<<"$1")
	advice=$(grep -oE -- "\"$pattern\"|(: |^)$pattern(\$|[;,] )" <<<"$text" | head -n 1) || true
	advice=$(sed -e 's/^: //' -e 's/^"\(.*\)"$/\1/' -e 's/[;,] $//' <<<"$advice")
	[ -n "$advice" ] || fail "not advised: $1"
	local said=$output heard=$errors
	PATH=${RUNG%/*}:$PATH run --separate-stderr limited "${RUNG_TEST_TIMEOUT:-300}" bash -c "$advice" </dev/null
	errors=$stderr
	last_command="$advice (as advised)"
	assert_status "${2:-0}"
	output=$said errors=$heard
}

# --- the database ------------------------------------------------------------

# sql "QUERY" - on the test's database, values separated by |; without a query reads stdin.
sql() {
	if [ $# -eq 0 ]; then set -- "$(cat)"; fi
	psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -c "$1"
}

# wait_for "SQL CONDITION" [SECONDS] - asks again until it is true.
wait_for() {
	wait_until "${2:-15}" sql_is_true "$1" || {
		echo "this did not become true: $1" >&2
		sql "select pid, state, wait_event_type, query from pg_stat_activity where datname = current_database()" >&2
		return 1
	}
}

sql_is_true() { [ "$(sql "select ($1)" 2>/dev/null)" = t ]; }

# wait_until SECONDS COMMAND… - runs it again until it succeeds. On a busy machine
# everything may take long, so nobody gives up before RUNG_TEST_PATIENCE (120 s).
wait_until() {
	local patience=${RUNG_TEST_PATIENCE:-120}
	local end=$((SECONDS + ($1 > patience ? $1 : patience)))
	shift
	until "$@"; do
		if [ "$SECONDS" -ge "$end" ]; then return 1; fi
		sleep 0.02
	done
}

# The schema as text two states can be compared by; without the history tables.
dump_schema() {
	pg_dump --schema-only --no-owner -T '*.schema_version*' -d "${1:-$DATABASE_URL}" |
		sed -e '/^--/d' -e '/^$/d' -e '/^SET /d' -e '/^SELECT pg_catalog.set_config/d' \
			-e '/^\\restrict/d' -e '/^\\unrestrict/d'
}

# What the database holds, catalogs by their rows' transactions and tables by their rows: equal
# before and after means that nothing was written. A tenth of what pg_dump takes.
database_state() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "${DIRECT_URL:-$DATABASE_URL}" <<-'SQL'
		select 'relation', oid::regclass::text, relkind::text, xmin from pg_class where oid >= 16384
		union all select 'column', attrelid::regclass || '.' || attname, attnum::text, xmin from pg_attribute where attrelid >= 16384
		union all select 'constraint', conname, conrelid::text, xmin from pg_constraint where oid >= 16384
		union all select 'function', oid::regproc::text, '', xmin from pg_proc where oid >= 16384
		union all select 'type', oid::regtype::text, '', xmin from pg_type where oid >= 16384
		union all select 'schema', nspname, '', xmin from pg_namespace
		union all select 'extension', extname, '', xmin from pg_extension
		union all select 'comment', description, objoid::text, xmin from pg_description where objoid >= 16384
		order by 1, 2, 3;
		select query_to_xml('select * from ' || oid::regclass, true, true, '')
		  from pg_class where oid >= 16384 and relkind = 'r' order by oid;
	SQL
}

# keep_rollback VERSION SQL - the database keeps this text as the rollback of that migration, and its log agrees.
keep_rollback() {
	psql -XAtq -v ON_ERROR_STOP=1 -v version="$1" -v text="$2" -d "$DATABASE_URL" <<-'SQL'
		update schema_version set rollback_sql = :'text', rollback_checksum = encode(sha256(convert_to(:'text', 'UTF8')), 'hex')
		 where version = :version;
		update schema_version_log set rollback_checksum = encode(sha256(convert_to(:'text', 'UTF8')), 'hex')
		 where version = :version and outcome = 'done';
		do $$
		declare l record; before text := '';
		begin
			for l in select * from schema_version_log order by id loop
				update schema_version_log set previous_hash = before, hash = encode(sha256(convert_to((jsonb_build_array(l.id,
					to_char(l.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), l.action, l.outcome, l.version, l.name,
					l.checksum, l.duration_ms, l.sqlstate, l.error, l.run_id, l.db_user, l.os_user, l.host, l.tool_version,
					before) || case when l.rollback_checksum is null then '[]'::jsonb
						else jsonb_build_array(l.rollback_checksum) end)::text, 'UTF8')), 'hex')
				 where id = l.id returning hash into before;
			end loop;
		end $$;
	SQL
}

# --- claims ------------------------------------------------------------------

# Says what was expected and everything the last command said.
fail() {
	{
		echo "$1"
		if [ -n "${last_command:-}" ]; then echo "after: $last_command (status $status)"; fi
		if [ -n "${output:-}" ]; then printf 'stdout: %s\n' "$output"; fi
		if [ -n "${errors:-}" ]; then printf 'stderr: %s\n' "$errors"; fi
	} >&2
	return 1
}

assert_status() { [ "$status" -eq "$1" ] || fail "expected status $1, got $status"; }
assert_output() { [ "$output" = "$1" ] || fail "expected stdout to be: $1"; }
assert_output_contains() { contains "$output" "$1" || fail "expected on stdout: $1"; }
refute_output_contains() { ! contains "$output" "$1" || fail "did not expect on stdout: $1"; }
assert_errors_contain() { contains "$errors" "$1" || fail "expected on stderr: $1"; }
refute_errors_contain() { ! contains "$errors" "$1" || fail "did not expect on stderr: $1"; }
assert_output_matches() { [[ $output =~ $1 ]] || fail "expected stdout to match: $1"; }
assert_errors_match() { [[ $errors =~ $1 ]] || fail "expected stderr to match: $1"; }
contains() { case $1 in *"$2"*) return 0 ;; *) return 1 ;; esac }

# assert_refused STATUS ARGS… - the program ends with it and leaves the database as it was.
assert_refused() {
	local before expected=$1
	before=$(database_state)
	run_rung "${@:2}"
	assert_status "$expected"
	assert_equal "$(database_state)" "$before" "the database was changed"
}

# assert_sql "QUERY" "EXPECTED" - rows by line, values by |.
assert_sql() {
	local actual
	actual=$(sql "$1") || fail "could not run: $1"
	[ "$actual" = "$2" ] || fail "expected \"$2\", got \"$actual\" from: $1"
}

assert_equal() {
	[ "$1" = "$2" ] || {
		diff -u --label expected --label actual <(echo "$2") <(echo "$1") >&2
		fail "${3:-these differ}"
	}
}
