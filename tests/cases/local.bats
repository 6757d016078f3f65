# local: the kept private server.

load ../lib/rung

setup() {
	rung_setup
	unset DATABASE_URL
}

teardown() {
	"$RUNG" local destroy --force >/dev/null 2>&1 || true
	rung_teardown
}

local_pid() { head -n 1 .rung/server/data/postmaster.pid; }

@test "start, use, stop, start again, destroy" {
	run_rung local status
	assert_status 0
	assert_output_matches "Server +absent"

	run_rung local start --database shop
	assert_status 0
	assert_errors_contain 'Next: export DATABASE_URL="$(rung local url)" && rung setup'
	run_rung status
	assert_status 2
	assert_errors_contain 'A private server is running in ".rung": export DATABASE_URL="$(rung local url)" uses it.'
	run_rung local url --database shop
	assert_status 0
	url=$output
	psql -XAtq -d "$url" -c "create table kept as select 1 as one"
	assert_equal "$(psql -XAtq -d "$url" -c "show listen_addresses")" ""
	assert_equal "$(psql -XAtq -d "$url" -c "show fsync")" on
	assert_equal "$(stat -c %a .rung/server/.)" 700
	[ "$(ps -o user= -p "$(local_pid)")" != root ]

	run_rung local stop
	assert_status 0
	run_rung local status
	assert_output_matches "Server +stopped"
	run_rung local url
	assert_status 4
	assert_errors_contain "rung local start"

	run_rung local start
	assert_status 0
	assert_equal "$(psql -XAtq -d "$url" -c "select one from kept")" 1

	run_rung local destroy
	assert_status 2
	assert_errors_contain "--force"
	run_rung local destroy --force
	assert_status 0
	[ ! -e .rung ]
}

@test "start joins a running server" {
	run_rung local start
	pid=$(local_pid)
	run_rung local start
	assert_status 0
	assert_equal "$(local_pid)" "$pid"
}

@test "several who start it at once share one" {
	start_rung local start
	first=$rung_pid
	start_rung local start
	second=$rung_pid
	finish_rung "$first"
	assert_status 0
	finish_rung "$second"
	assert_status 0
	run_rung local status
	assert_output_matches "Server +running"
}

# A server that is destroyed as soon as it is there may be missed by who started it, and by nobody else.
@test "who starts it and who destroys it at the same time take turns" {
	local i round pid pids code
	for round in 1 2; do
		pids=()
		for i in 1 2 3; do
			timeout 60 "$RUNG" local start >"start_$i" 2>&1 &
			pids+=($!)
			{ sleep "0.$((i * round))" && exec timeout 60 "$RUNG" local destroy --force; } >"destroy_$i" 2>&1 &
			pids+=($!)
		done
		for pid in "${pids[@]}"; do
			code=0
			wait "$pid" || code=$?
			case $code in
			0) ;;
			4) grep -q "could not connect" start_? ;;
			*) fail "round $round, $code: $(tail -n 5 start_? destroy_?)" ;;
			esac
		done
		! grep "could not start a private server" start_? || fail "it was removed while it was made"
	done
}

@test "the database is named like the project" {
	mkdir "My App 2"
	cd "My App 2"
	touch rung.ini
	run_rung local start
	assert_status 0
	run_rung local url
	assert_output_contains "/my_app_2?"
	assert_equal "$(psql -XAtq -d "$output" -c "select current_database()")" my_app_2
	run_rung local destroy --force
}

@test "below the root of a project without rung.ini no other server is made" {
	migration 01_users <<<'create table users (id int);'
	mkdir deeper
	cd deeper
	run_rung local start
	assert_status 2
	assert_errors_contain "this directory is inside the project in"
	[ ! -e .rung ]
	touch ../rung.ini
	run_rung local status
	assert_output_contains "../.rung"
}

@test "a pid file that a crash left behind is nobody's" {
	run_rung local start
	kill -KILL "$(local_pid)"
	wait_until 15 sh -c "! kill -0 $(local_pid) 2>/dev/null"
	echo $$ >pid
	cp .rung/server/data/postmaster.pid old.pid
	{ echo $$ && tail -n +2 old.pid; } >.rung/server/data/postmaster.pid
	run_rung local status
	assert_output_matches "Server +stopped"
	run_rung local stop
	assert_status 0
	kill -0 $$
	cp old.pid .rung/server/data/postmaster.pid
	run_rung local start
	assert_status 0
}

@test "a project that the server's user cannot reach keeps its data elsewhere" {
	if [ "$(id -u)" -ne 0 ]; then skip "only root runs the server as somebody else"; fi
	mkdir -m 700 closed
	cd closed
	touch rung.ini
	run_rung local start
	assert_status 0
	[ -L .rung/server ]
	home=$(readlink -f .rung/server)
	run_rung local url
	assert_equal "$(psql -XAtq -d "$output" -c "select 1")" 1
	run_rung local destroy --force
	assert_status 0
	[ ! -e "$home" ]
	[ ! -e .rung ]
}

@test "a path too long for a socket is no obstacle" {
	long=$(printf 'd%.0s' $(seq 90))
	mkdir "$long"
	cd "$long"
	touch rung.ini
	if [ "$(id -u)" -ne 0 ]; then export HOME=/tmp; fi
	run_rung local start
	assert_status 0
	[ -L .rung/server ]
	run_rung local destroy --force
	assert_status 0
}

@test "no server programs there" {
	mkdir empty
	run_rung local start --pg-bindir empty
	assert_status 2
	assert_errors_contain 'could not find "initdb"'
	assert_errors_contain "empty"
}

@test "a server that cannot start leaves its last words" {
	run_rung local start
	run_rung local stop
	echo "shared_buffers = nonsense" >>.rung/server/data/postgresql.conf
	run_rung local start
	assert_status 4
	assert_errors_contain "could not start a private server"
	assert_errors_contain "shared_buffers"
}

@test "wrong words" {
	run_rung local
	assert_status 2
	run_rung local begin
	assert_status 2
	assert_errors_contain "start, stop, status, url or destroy"
	run_rung local strat
	assert_errors_contain 'Did you mean "start"?'
}

@test "setup with the local server's URL" {
	migration 01_users <<<'create table users (id int);'
	rollback_of 01_users <<<'drop table users;'
	run_rung local start
	DATABASE_URL=$("$RUNG" local url)
	export DATABASE_URL
	run_rung setup
	assert_status 0
	assert_sql "select count(*) from schema_version" 1
}

# --- what rung did not make is left alone ------------------------------------------

# A directory as somebody's server has it, and what it looks like.
somebodys_server() {
	mkdir -p "$1/data/base"
	echo 15 >"$1/data/PG_VERSION"
	echo precious >"$1/data/base/1"
}

# Every action of "rung local" that could touch it refuses, and it is as it was.
assert_left_alone() {
	local before action
	before=$(cd "$1" && find . -type f -exec sha256sum {} + | sort)
	for action in "destroy --force" start stop status url; do
		# shellcheck disable=SC2086 # an action may bring an option
		run_rung local $action "${@:2}"
		assert_status 2
	done
	assert_equal "$(cd "$1" && find . -type f -exec sha256sum {} + | sort)" "$before"
}

@test "a link to somebody's server is not followed" {
	somebodys_server theirs
	mkdir .rung
	ln -s "$PROJECT/theirs" .rung/server
	assert_left_alone theirs
	assert_errors_contain 'is a link that "rung local" did not make'
	[ -L .rung/server ]

	# Nor one of which the directory is a link, nor a home whose data is.
	mv .rung other && ln -s other .rung
	assert_left_alone theirs
	rm -r .rung other theirs
	somebodys_server theirs/server
	ln -s theirs .rung
	assert_left_alone theirs
	assert_left_alone theirs --local-dir "$PROJECT/theirs"
	assert_errors_contain "it contains no file rung-home"
}

@test "destroy removes what rung made, and follows no link in there" {
	run_rung local start
	run_rung local stop
	somebodys_server theirs
	mv .rung/server/data kept
	ln -s "$PROJECT/theirs/data" .rung/server/data
	assert_left_alone theirs
	rm .rung/server/data
	mv kept .rung/server/data
	ln -s "$PROJECT/theirs/data" .rung/server/data/pg_tblspc/1
	echo mine >.rung/server/notes
	run_rung local destroy --force
	assert_status 5
	assert_errors_contain "contains files that rung did not make"
	assert_equal "$(ls -A .rung/server)" notes
	assert_equal "$(cat theirs/data/base/1)" precious
}

@test "a copy of a server's directory and that of another project are not this one's; a moved one is" {
	run_rung local start
	run_rung local stop
	mkdir -p app/.rung
	cp -a .rung/server app/.rung/server
	cd app
	assert_left_alone .rung/server
	assert_errors_contain "it is a copy of the one in"
	rm -r .rung/server
	ln -s "$PROJECT/.rung/server" .rung/server
	assert_left_alone "$PROJECT/.rung/server"
	rm .rung/server
	mv "$PROJECT/.rung/server" .rung/server
	run_rung local destroy --force
	assert_status 0
	[ ! -e .rung ]
}

@test "a server's directory whose start was killed before it was marked is made again" {
	mkdir -p .rung/server
	run_rung local start
	assert_status 0
	[ -f .rung/server/rung-home ]
}
