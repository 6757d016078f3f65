# Every row of docs/exit-codes.md, held by what really happens. A test here is called "exit CODE (KIND): ...";
# the first one fails when a row of the page, or a kind, has no test.

load ../lib/rung

page=$ROOT/docs/exit-codes.md

rows_of_page() { sed -n "/^| $1 /,/^\$/s/^| \([^|]*[^ |]\) | .*/\1/p" "$page" | tail -n +2 | grep -v '^---'; }
names_here() { sed -n 's/^@test "exit \(.*\)" {$/\1/p' "$BATS_TEST_FILENAME"; }

# assert_exit CODE KIND ARGS… - ends so, for people and for programs.
assert_exit() {
	local code=$1 kind=$2
	shift 2
	run_rung "$@" --json
	assert_status "$code"
	assert_equal "$(jq -r 'select(.type == "error") | "\(.kind) \(.exit_code)"' <<<"$output")" "$kind $code"
}

# Its own test for every code and every kind, and no test for what the page does not have.
@test "every row of docs/exit-codes.md has its test" {
	local code kind kinds name
	rows_of_page exit >codes
	[ "$(wc -l <codes)" -ge 8 ] || fail "the table was not read"
	while read -r code; do
		names_here | grep -q "^$code\( (\|: \)" || fail "exit code $code has no test"
	done <codes
	while read -r name; do
		grep -qx "${name%%[ :]*}" codes || fail "a test of exit code ${name%%[ :]*}, which the page does not have"
	done < <(names_here)
	sed -n 's/^| \(`[^|]*`\) | \([0-9]*\) |$/\2 \1/p' "$page" | tr -d '`,' >kinds
	[ "$(wc -l <kinds)" -ge 7 ] || fail "the table of kinds was not read"
	while read -r code kinds; do
		for kind in $kinds; do
			names_here | grep -q "^$code ($kind): " || fail "the kind \"$kind\" of exit code $code has no test"
		done
	done <kinds
}

two() {
	migration 01_one <<<'create table one (id int);'
	rollback_of 01_one <<<'drop table one;'
	migration 02_two <<<'create table two (id int);'
	rollback_of 02_two <<<'drop table two;'
}

@test "exit 0: done, or nothing to do" {
	two
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version" 2
	run_rung upgrade
	assert_status 0
	run_rung check
	assert_status 0
}

@test "exit 1 (sql): all of what failed is rolled back, what came before it stays" {
	two
	migration 02_two <<<'create table two (id int); select 1 / 0;'
	assert_exit 1 sql upgrade
	assert_sql "select max(version) from schema_version" 1
	assert_sql "select to_regclass('one') is not null, to_regclass('two') is null" "t|t"
	two
	run_rung upgrade
	assert_status 0
}

@test "exit 1 (sql): data that cannot be read, when others were applied before" {
	two
	printf 'create table two (id int);\n\\copy two from missing.csv\n' >schema/02_two.sql
	# It is there when the files are read, and gone when the data is.
	touch missing.csv
	printf '[hooks]\nbefore_upgrade = rm missing.csv\n' >rung.ini
	assert_exit 1 sql upgrade
	assert_sql "select max(version) from schema_version" 1
	assert_equal "$(jq -r 'select(.type == "error") | .state' <<<"$output")" \
		'1 of 2 steps are done and recorded, the last of them "01_one"; the current one was rolled back. When the cause is fixed, continue with "rung upgrade".'
	assert_exit 2 files upgrade
	echo 1 >missing.csv
	rm rung.ini
	run_rung upgrade
	assert_status 0
}

@test "exit 1 (sql): a seed that is one transaction" {
	mkdir -p schema/seed
	two
	run_rung upgrade
	echo 'insert into one values (1); select 1 / 0;' >schema/seed/one.sql
	assert_exit 1 sql seed
	assert_sql "select count(*) from one" 0
	run_rung seed
	assert_errors_contain "Nothing of this file is loaded."
}

@test "exit 2 (usage): a command line that means nothing" {
	two
	assert_exit 2 usage upgrade 03_three
	assert_exit 2 usage upgrde
	assert_exit 2 usage upgrade --no-such-option
	assert_exit 2 usage check --against no-such-ref --offline
	assert_sql "select to_regclass('schema_version') is null" t
}

@test "exit 2 (files): files that cannot be used, of ours and of others" {
	two
	cp schema/02_two.sql schema/02_twin.sql
	assert_exit 2 files upgrade
	assert_sql "select to_regclass('schema_version') is null" t
	rm -r schema rollback
	mkdir migrations
	printf 'create table a (id int);\ncreate table' >migrations/1_half.up.sql
	assert_exit 2 files import golang-migrate
	[ ! -e schema ]
}

# What libpq refuses before it has spoken to anybody; with what the message says of it.
impossible() {
	cat <<-LIST
		postgres://u:s3cret@localhost:99999/db	"port"
		postgres://u:s3cret@localhost/db?sslmode=s3cret	"sslmode"
		postgres://u:s3cret@localhost/db?s3cret=x	connection string
		postgres://u:s3cret@localhost/db?target_session_attrs=s3cret	"target_session_attrs"
		postgres://u:s3cret@localhost/db?channel_binding=s3cret	"channel_binding"
		postgres://u:s3cret@localhost/db?gssencmode=s3cret	"gssencmode"
		postgres://u:s3cret@localhost/db?ssl_min_protocol_version=s3cret	"ssl_min_protocol_version"
		postgres://u:s3cret@localhost/db?ssl_max_protocol_version=s3cret	"ssl_max_protocol_version"
		postgres://u:s3cret@localhost/db?service=s3cret	parameters of the connection
		postgres://u:s3cret@localhost/db?connect_timeout=s3cret	"connect_timeout"
		postgres://u:s3cret@localhost/db?hostaddr=s3cret	"hostaddr"
		postgres://u:s3cret@localhost/db%00s3cret	database URL
		"postgres://u:s3cret@localhost/db"	URL
		'postgres://u:s3cret@localhost/db'	URL
		"host=localhost password=s3cret"	connection string
		host=localhost port=s3cret	"port"
		host=localhost port=0	"port"
		host=a,b port=1,2,3 password=s3cret	"port"
		host=localhost keepalives_idle=s3cret	"keepalives_idle"
		host=localhost tcp_user_timeout=s3cret	"tcp_user_timeout"
		host=localhost s3cret=x	connection string
		host=/$(printf 'd%.0s' $(seq 120)) password=s3cret	"host"
	LIST
}

@test "exit 2 (config): a connection that libpq refuses by itself is refused at once, and nothing of it is shown" {
	local url says
	two
	while IFS=$'\t' read -r url says; do
		DATABASE_URL=$url
		for verb in current upgrade setup; do
			assert_exit 2 config "$verb"
			refute_output_contains s3cret
			run_rung "$verb"
			assert_status 2
			assert_errors_contain "$says"
			refute_errors_contain s3cret
			refute_errors_contain "Is the server running"
		done
	done < <(impossible)
	DATABASE_URL=postgresql://localhost/db
	PGSSLMODE=maybe assert_exit 2 config current
	PGPORT=99999 assert_exit 2 config current
	PGCONNECT_TIMEOUT=soon assert_exit 2 config current
	PGSERVICE=nowhere assert_exit 2 config current
}

@test "exit 2 (config): the entrypoint does not wait for what waiting cannot fix" {
	local url
	two
	while IFS=$'\t' read -r url _; do
		status=0
		# A wait would last longer than the test may.
		DATABASE_URL=$url WAIT_SECONDS=100000 PATH="${RUNG%/*}:$PATH" timeout 60 \
			"$ROOT/docs/examples/entrypoint.sh" touch started >said 2>&1 || status=$?
		assert_status 2
		! grep -q "waiting for the database" said || fail "it waited for $url"
	done < <(impossible)
	[ ! -e started ]
}

@test "exit 3 (found): files and database are out of step" {
	two
	assert_exit 3 found check
	run_rung upgrade
	echo '-- edited' >>schema/01_one.sql
	assert_exit 3 found check
	migration 03_three <<<'create table three (id int);'
	rollback_of 03_three <<<'select 1;'
	run_rung repair --force
	assert_exit 3 found test
}

@test "exit 4 (server): nobody answers" {
	two
	# As many hosts as ports, addresses and names: what is well formed is the network's fault.
	for url in "postgresql://postgres@/db?host=$PROJECT" "host=$PROJECT,$PROJECT port=1,2 dbname=x" \
		"hostaddr=127.0.0.1,127.0.0.1 port=1,1 dbname=x" "host=a,b hostaddr=127.0.0.1,::1 port=1 dbname=x" \
		"postgresql://postgres@no-such-host.invalid/db?sslmode=require" \
		"host=127.0.0.1 port=1 sslmode=verify-full sslrootcert=/nowhere dbname=x"; do
		DATABASE_URL=$url assert_exit 4 server current
		DATABASE_URL=$url assert_exit 4 server upgrade
	done
	DATABASE_URL=$(server_url main no_such_database) assert_exit 4 server current
}

@test "exit 4 (lock): what came before is recorded, the error says how much, and the same command finishes" {
	two
	migration 01_one <<<'create table one (id int);'
	run_rung upgrade 01
	migration 02_two <<<'create table two (id int);'
	migration 03_three <<<'alter table one add column n int;'
	psql -XAtq -d "$DATABASE_URL" -c "begin; lock table one; select pg_sleep(300)" >/dev/null 2>&1 3>&- 4>&- &
	wait_for "exists (select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database())"
	assert_exit 4 lock upgrade --lock-wait 300ms
	assert_equal "$(jq -r 'select(.type == "error") | .state' <<<"$output")" \
		'1 of 2 steps are done and recorded, the last of them "02_two"; the current one was rolled back. Continue with "rung upgrade".'
	assert_sql "select max(version) from schema_version" 2
	run_rung upgrade --lock-wait 300ms
	assert_errors_contain "nothing was changed"
	sql "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"
	run_rung upgrade
	assert_status 0
	assert_sql "select max(version) from schema_version" 3
}

@test "exit 5 (storage): a backup that cannot be kept stops the migration" {
	local recipient
	two
	run_rung upgrade
	run_rung keygen --identity-file identity.key
	assert_status 0
	recipient=$(sed -n 's/^# public key: //p' identity.key)
	touch store
	assert_exit 5 storage keygen --identity-file identity.key
	migration 03_three <<<'create table three (id int);'
	run_rung upgrade --backup --backup-store "$PROJECT/store/below" --recipient "$recipient" --json
	assert_status 5
	assert_equal "$(jq -r 'select(.type == "error") | .kind' <<<"$output")" storage
	assert_sql "select max(version) from schema_version" 2
}

@test "exit 5 (hook): what was done before it is said" {
	two
	printf '[hooks]\nafter_upgrade = exit 3\n' >rung.ini
	assert_exit 5 hook upgrade
	assert_equal "$(jq -r 'select(.type == "error") | .state' <<<"$output")" "The migrations themselves are done and recorded."
	assert_sql "select count(*) from schema_version" 2
	printf '[hooks]\nbefore_upgrade = exit 3\n' >rung.ini
	migration 03_three <<<'create table three (id int);'
	assert_exit 5 hook upgrade
	assert_sql "select count(*) from schema_version" 2
}

@test "exit 6 (partial): a nontransactional migration that stopped half-way" {
	migration 01_plain <<-'SQL'
		-- rung: transaction: none
		create table one (id int);
		select 1 / 0;
	SQL
	assert_exit 6 partial upgrade
	assert_sql "select state from schema_version" partial
	sed -i 's/1 . 0/1/' schema/01_plain.sql
	run_rung resume
	assert_status 0
}

@test "exit 6 (partial): a nontransactional seed that stopped half-way" {
	mkdir -p schema/seed
	two
	run_rung upgrade
	printf -- '-- rung: transaction: none\ninsert into one values (1);\nselect 1 / 0;\n' >schema/seed/one.sql
	assert_exit 6 partial seed
	assert_sql "select count(*) from one" 1
	run_rung seed
	assert_errors_contain "What came before it in the file is loaded."
	printf -- '-- rung: transaction: none\nselect 1 / 0;\ninsert into one values (1);\n' >schema/seed/one.sql
	assert_exit 1 sql seed
}

@test "exit 130 (cancelled): no to a question" {
	need_terminal
	two
	run_rung upgrade
	on_terminal $'n\n' downgrade
	assert_status 130
	assert_sql "select count(*) from schema_version" 2
}

@test "exit 130 (cancelled): while a statement runs" {
	two
	migration 02_two <<<'select pg_sleep(300);'
	start_rung upgrade --json
	wait_for "exists (select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database())"
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	assert_equal "$(jq -r 'select(.type == "error") | .kind' <<<"$output")" cancelled
	assert_sql "select max(version) from schema_version" 1
}

said() { grep -q "$1" <<<"$(errors_of "$rung_pid")"; }

@test "exit 130 (cancelled): while it waits for a server that is gone" {
	server_start_own gone fsync=on
	two
	# By itself: commits between others are asynchronous, and a crash may take them back.
	run_rung upgrade 01
	migration 02_two <<<'select pg_sleep(300);'
	start_rung upgrade
	wait_for "exists (select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database())"
	server_stop gone immediate
	wait_until 20 said "connecting again"
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	assert_errors_contain "cancelled"
	assert_errors_contain "What was committed is recorded, the rest was not done."
	server_start gone
	assert_sql "select max(version) from schema_version" 1
	two
	run_rung upgrade
	assert_status 0
}

@test "exit 130 (cancelled): while it connects to a server that does not answer" {
	two
	perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Local => ".s.PGSQL.5432", Listen => 1);
		open(F, ">", "listening"); $c = $s->accept; sysread($c, $_, 1); open(F, ">", "connected"); sleep(300)' 3>&- 4>&- &
	helper_started "silent-$RANDOM" "$!"
	wait_until 20 test -e listening
	DATABASE_URL="host=$PROJECT dbname=x user=x" start_rung upgrade
	wait_until 20 test -e connected
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
}

@test "after a lost connection nobody says that nothing was changed" {
	server_start_own crash fsync=on
	two
	migration 02_two <<<"select pg_sleep(300) where not exists (select from go);"
	sql "create table go (id int)"
	start_rung upgrade
	wait_for "exists (select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database())"
	# The second time it fails by itself.
	migration 02_two <<<"select 1 / 0;"
	server_stop crash immediate
	server_start crash
	finish_rung
	assert_errors_contain "connecting again"
	refute_errors_contain "nothing was changed"
	assert_errors_contain "What was committed is recorded, the rest was not done."
	assert_sql "select max(version) from schema_version" 1
}
