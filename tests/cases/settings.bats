# Where settings come from, and how the output looks to whom.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
	migration 02_orders <<<'create table orders (id int primary key);'
	rollback_of 02_orders <<<'drop table orders;'
}

# --- where from ------------------------------------------------------------------

# The table of history shows which setting won.
assert_history_in() {
	run_rung upgrade "${@:2}"
	assert_status 0
	assert_sql "select string_agg(relname, ' ') from pg_class where relname like '%_won'" "$1"
	sql "drop table if exists users, orders, ini_won, env_file_won, environment_won, flag_won" 2>/dev/null
}

@test "flag > environment > .env > rung.ini > default" {
	run_rung upgrade
	assert_sql "select count(*) from public.schema_version" 2
	sql "drop table users, orders"

	printf '[database]\nhistory_table = public.ini_won\n' >rung.ini
	assert_history_in ini_won
	echo 'RUNG_HISTORY_TABLE=public.env_file_won' >.env
	assert_history_in env_file_won
	export RUNG_HISTORY_TABLE=public.environment_won
	assert_history_in environment_won
	assert_history_in flag_won --history-table public.flag_won

	run_rung config
	assert_status 0
	assert_output_contains "environment RUNG_HISTORY_TABLE"
	unset RUNG_HISTORY_TABLE
	run_rung config
	assert_output_contains ".env RUNG_HISTORY_TABLE"
	rm .env
	run_rung config
	assert_output_contains "rung.ini:2"
}

@test "rung.ini is found from below, and its paths are its own" {
	mkdir -p ddl/up app/deep
	mv schema/* ddl/up && rmdir schema
	printf '[files]\nschema_dir = ddl/up\n' >rung.ini
	cd app/deep
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version" 2
	run_rung -C "$PROJECT" status
	assert_status 0
}

@test "DATABASE_URL from .env, in any dialect of the scheme" {
	local url=$DATABASE_URL scheme
	for scheme in postgres postgresql+asyncpg postgresql+psycopg2; do
		unset DATABASE_URL
		echo "DATABASE_URL=$scheme://${url#*://}" >.env
		run_rung status
		assert_status 0
		assert_output_contains "$TEST_DATABASE"
	done
	run_rung upgrade
	assert_status 0
}

@test "url_env names another variable, and no stray DATABASE_URL comes before it" {
	printf '[database]\nurl_env = SHOP_DATABASE_URL\n' >rung.ini
	SHOP_DATABASE_URL=$DATABASE_URL DATABASE_URL=postgresql://nowhere/else run_rung upgrade
	assert_status 0
	run_rung upgrade
	assert_status 2
	assert_errors_contain "SHOP_DATABASE_URL"
	assert_errors_contain "rung.ini:2"
}

@test "env_prefix with a password full of special characters" {
	local password='p@ss:w/o%rd #?&='\''"\$ä'
	server_start_own strict "listen_addresses='127.0.0.1'" port="$(free_port)"
	sql "create role deploy login superuser password '${password//\'/\'\'}'"
	sed -i '1i host all deploy 127.0.0.1/32 scram-sha-256' "$RUNG_RUN/strict/data/pg_hba.conf"
	sql "select pg_reload_conf()" >/dev/null
	port=$(sql "show port")
	wait_until 15 asks_for_password

	printf '[database]\nenv_prefix = CRONOS_DB\n' >rung.ini
	export CRONOS_DB_HOST=127.0.0.1 CRONOS_DB_PORT=$port CRONOS_DB_NAME=$TEST_DATABASE
	export CRONOS_DB_USER=deploy CRONOS_DB_PASSWORD=$password
	DATABASE_URL=postgresql://nowhere/else run_rung upgrade --log-file migration.log --verbose
	assert_status 0
	refute_output_contains "$password"
	refute_errors_contain "$password"
	run grep -F "$password" migration.log
	[ "$status" -eq 1 ]
	run_rung config
	refute_output_contains "$password"
	refute_output_contains "p@ss"

	export CRONOS_DB_PASSWORD=wrong-one
	run_rung status
	assert_status 4
	assert_errors_contain "password authentication failed"
	assert_errors_contain "a password that is not in it comes from PGPASSWORD or ~/.pgpass"
	refute_errors_contain "wrong-one"

	# The same in .env, quoted as shells quote.
	unset CRONOS_DB_PASSWORD
	printf "CRONOS_DB_PASSWORD='p@ss:w/o%%rd #?&='\n" >.env
	sql "alter role deploy password 'p@ss:w/o%rd #?&='"
	run_rung status
	assert_status 0
}

# The server listens on a port of its own, so the harness's socket URL needs it too.
server_url() {
	if [ "$1" = strict ]; then
		echo "postgresql://postgres@/${2:-postgres}?host=$RUNG_RUN/strict&port=$(sed -n 4p "$RUNG_RUN/strict/data/postmaster.pid")"
	else
		echo "postgresql://postgres@/${2:-postgres}?host=$RUNG_RUN/$1"
	fi
}

asks_for_password() { ! psql -w -d "postgresql://deploy@127.0.0.1:$port/$TEST_DATABASE" -c '' >/dev/null 2>&1; }

@test "everything libpq knows: PGHOST and its like, keywords, a service file" {
	local host=${DATABASE_URL#*host=}
	unset DATABASE_URL
	PGHOST=$host PGUSER=postgres PGDATABASE=$TEST_DATABASE run_rung status
	assert_status 0
	run_rung status --database-url "host=$host user=postgres dbname=$TEST_DATABASE"
	assert_status 0
	printf '[mine]\nhost=%s\nuser=postgres\ndbname=%s\n' "$host" "$TEST_DATABASE" >services
	PGSERVICEFILE=$PROJECT/services PGSERVICE=mine run_rung upgrade
	assert_status 0
	assert_output_contains "02_orders"
}

@test "what needs no server needs no libpq; what does says which package brings it" {
	local faults=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so arguments
	[ -e "$faults" ] || skip "faults.so is not built"
	export RUNG_FAULT_LIBRARY=libpq.
	for arguments in version --help "completion bash" "help upgrade"; do
		# shellcheck disable=SC2086 # words
		LD_PRELOAD=$faults run_rung $arguments
		assert_status 0
	done
	LD_PRELOAD=$faults assert_refused 5 upgrade
	assert_errors_contain "could not load libpq"
	assert_errors_contain "libpq5 on Debian"
	LD_PRELOAD=$faults run_rung create "one more" --manual
	assert_status 0
	unset RUNG_FAULT_LIBRARY
	run_rung version --verbose
	assert_output_contains libpq
}

# A secret that is missing must not lead to the database that libpq would take then.
@test "a URL that is empty, and a connection that names no database, are refused" {
	local host=${DATABASE_URL#*host=} verb
	export PGHOST=$host PGUSER=postgres
	printf '[database]\nurl = postgresql://postgres@/%s?host=%s\n' "$TEST_DATABASE" "$host" >rung.ini
	for verb in upgrade "downgrade --force" status check "stamp head" setup; do
		# shellcheck disable=SC2086 # a command line
		DATABASE_URL='' run_rung $verb
		assert_status 2
		assert_errors_contain "DATABASE_URL is empty"
	done
	DATABASE_URL='' run_rung check --offline
	refute_errors_contain "DATABASE_URL"
	run_rung upgrade --database-url ''
	assert_status 2
	assert_errors_contain "--database-url is empty"
	SHOP_URL=' ' run_rung upgrade --url-env SHOP_URL
	assert_status 2
	assert_errors_contain "SHOP_URL is empty"
	SHOP_HOST='' SHOP_NAME='' SHOP_USER='' run_rung upgrade --env-prefix SHOP
	assert_status 2
	assert_errors_contain "SHOP_HOST, SHOP_NAME, SHOP_USER are empty or not set"

	rm rung.ini
	unset DATABASE_URL
	printf '[mine]\nhost=%s\n' "$host" >services
	for verb in upgrade status check setup "upgrade --database-url postgresql://postgres@/?host=$host" \
		"upgrade --database-url service=mine"; do
		# shellcheck disable=SC2086 # a command line
		PGSERVICEFILE=$PROJECT/services run_rung $verb
		assert_status 2
		assert_errors_contain "the connection names no database"
	done
	printf 'dbname=%s\n' "$TEST_DATABASE" >>services
	PGSERVICEFILE=$PROJECT/services run_rung status --database-url service=mine
	assert_status 0
	PGDATABASE=$TEST_DATABASE run_rung upgrade
	assert_status 0
}

@test "the history in another schema, which is made where it is missing" {
	run_rung upgrade --sql --history-table ops.history
	assert_output_contains "CREATE SCHEMA"
	run_rung upgrade --history-table ops.history
	assert_status 0
	assert_sql "select string_agg(relname, ' ' order by relname) from pg_class
		where relnamespace = 'ops'::regnamespace and relkind = 'r' and relname !~ '_(run|step|batch|catalog)$'" "history history_log"
	assert_sql "select to_regclass('public.schema_version') is null" t
	run_rung status --history-table ops.history
	assert_output_contains "02_orders"
	run_rung downgrade base --force --history-table ops.history
	assert_status 0
}

# --- for programs -------------------------------------------------------------------

# Every line an object of version 1 with a type.
assert_json() {
	jq -e -s 'length > 0 and all(.[]; .v == 1 and (.type | type == "string"))' <<<"$output" >/dev/null ||
		fail "not JSON of version 1, line by line"
	[ "$(jq -c . <<<"$output" | wc -l)" -eq "$(wc -l <<<"$output")" ] || fail "an object is not on one line"
}

@test "--json: every verb, every line" {
	local verb
	migration 03_noisy <<-'SQL'
		\echo said "aloud"
		do $$ begin raise notice E'two\nlines'; raise warning 'careful'; end $$;
	SQL
	for verb in "upgrade --dry-run" "upgrade --sql" "upgrade" "upgrade" status current heads history "show 1" \
		log "log --verify" check "check --offline" "stamp head" repair config version \
		"downgrade --dry-run" "downgrade 1 --force" seed; do
		# shellcheck disable=SC2086 # a verb may bring operands
		run_rung $verb --json
		assert_json
	done
	run_rung --json
	assert_json
}

@test "--json: errors too, whatever is wrong" {
	local verb
	migration 03_bad <<<'select nonsense;'
	for verb in "upgrade" "upgrad" "upgrade --nonsense" "upgrade 99" "downgrade -9 --force" "downgrade" \
		"upgrade --database-url postgresql://host.invalid/x?connect_timeout=1" "check" "show 77"; do
		# shellcheck disable=SC2086 # a verb may bring operands
		run_rung $verb --json
		[ "$status" -ne 0 ]
		assert_json
		[ "$(jq -s '[.[] | select(.type == "error")] | length' <<<"$output")" -eq 1 ] || fail "no error object"
		[ "$(jq -r 'select(.type == "error") | .exit_code' <<<"$output")" -eq "$status" ] || fail "another exit code"
	done
	run_rung upgrade --json
	assert_equal "$(jq -r 'select(.type == "error") | [.kind, .sqlstate, .place] | join(" ")' <<<"$output")" \
		"sql 42703 schema/03_bad.sql:1:8"
}

@test "--json says what was done, in order" {
	run_rung upgrade --json
	assert_equal "$(jq -r 'select(.type == "step" and .phase == "done") | "\(.version) \(.name) \(.action)"' <<<"$output")" \
		"1 01_users apply
2 02_orders apply"
	assert_equal "$(jq -r 'select(.type == "done") | .count' <<<"$output")" 2
	run_rung status --json
	assert_equal "$(jq -r 'select(.type == "status") | "\(.head) \(.applied) \(.pending)"' <<<"$output")" "02_orders 2 0"
}

@test "--quiet says nothing when all is well" {
	run_rung upgrade --quiet
	assert_status 0
	assert_output ""
	[ -z "$errors" ]
}

# --- for people ---------------------------------------------------------------------

colour=$'\e['

@test "colours on a terminal, and only there" {
	need_terminal
	unset NO_COLOR
	run_rung upgrade 1
	refute_output_contains "$colour"
	refute_errors_contain "$colour"
	on_terminal "" upgrade
	[ "$status" -eq 0 ]
	assert_output_contains "$colour"
	assert_output_contains "02_orders"

	migration 03_bad <<<'select nonsense;'
	on_terminal "" upgrade
	assert_output_contains "${colour}31m"
}

@test "NO_COLOR and --colour" {
	need_terminal
	NO_COLOR=1 on_terminal "" upgrade 1
	refute_output_contains "${colour}3"
	unset NO_COLOR
	on_terminal "" upgrade --colour never
	refute_output_contains "${colour}3"
	run_rung status --colour always
	run_rung history --color=always
	assert_output_contains "$colour"
}

@test "no to a question changes nothing, and is not called Ctrl-C" {
	need_terminal
	run_rung upgrade
	state=$(database_state)
	for verb in downgrade reset; do
		on_terminal $'n\n' $verb
		assert_equal "$status" 130
		assert_output_contains "not confirmed, nothing was changed"
		refute_output_contains cancelled
	done
	assert_equal "$(database_state)" "$state"
}

@test "a downgrade asks on a terminal" {
	need_terminal
	run_rung upgrade
	on_terminal $'n\n' downgrade
	[ "$status" -eq 130 ]
	assert_output_contains "Roll back 02_orders in \"$TEST_DATABASE\" on this machine? The rows in what it created are lost."
	assert_output_contains "nothing was changed"
	assert_sql "select count(*) from schema_version" 2
	on_terminal $'\n' downgrade
	[ "$status" -eq 130 ]
	assert_sql "select count(*) from schema_version" 2
	on_terminal $'y\n' downgrade base
	[ "$status" -eq 0 ]
	assert_output_contains "01_users"
	assert_sql "select count(*) from schema_version" 0
}

@test "a downgrade elsewhere needs --force" {
	run_rung upgrade
	assert_refused 2 downgrade
	assert_errors_contain "--force"
	run_rung downgrade --force
	assert_status 0
	run_rung downgrade --dry-run
	assert_status 0
}

@test "the log file: one line a step, who, what, how long, the outcome" {
	run_rung upgrade --log-file migration.log
	migration 03_bad <<<'select nonsense;'
	run_rung upgrade --log-file migration.log
	run_rung downgrade --force --log-file migration.log
	assert_equal "$(cut -f 3-5 migration.log | grep -v '	-	')" "upgrade	01_users	applied
upgrade	02_orders	applied
upgrade	03_bad	failed
downgrade	02_orders	rolled back"
	run grep -E '	(01_users|03_bad)	' migration.log
	[[ ${lines[0]} =~ ^20[0-9-]+[T\ ][0-9:.]+.*$'\t'$(id -un)@ ]]
	[[ ${lines[1]} == *"column \"nonsense\" does not exist"* ]]
	assert_equal "$(awk -F '\t' '{ print NF }' migration.log | sort -u)" 7
}

@test "no page of help has spaces at the end of a line" {
	for page in "" $("$RUNG" help | sed -n 's/^  \([a-z-]*\) .*/\1/p') options settings environment directives exit-codes; do
		# shellcheck disable=SC2086 # no page is the list of them
		run_rung help $page
		assert_status 0
		refute_output_contains " "$'\n'
	done
}
