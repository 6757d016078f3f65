# Whatever a user can get wrong: a clear error, the right exit code, and nothing changed.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
}

# Root reads everything, so what must not be read is tried as somebody else.
run_rung_as_nobody() {
	local as=()
	if [ "$(id -u)" -eq 0 ]; then
		as=(setpriv --reuid nobody --regid "$(id -g nobody)" --clear-groups --)
		chown -R nobody "$PROJECT"
	fi
	run --separate-stderr limited "${RUNG_TEST_TIMEOUT:-120}" "${as[@]}" "$RUNG" "$@"
	errors=$stderr
	last_command="rung $* (as nobody)"
}

# --- files ---------------------------------------------------------------------

@test "a file that may not be read" {
	migration 02_secret <<<'create table secret (id int);'
	chmod 000 schema/02_secret.sql
	run_rung_as_nobody upgrade
	assert_status 2
	assert_errors_contain 'could not read "schema/02_secret.sql": Permission denied'
	assert_sql "select to_regclass('users') is null" t
}

@test "a directory that may not be read" {
	chmod 000 schema
	run_rung_as_nobody upgrade
	chmod 755 schema
	assert_status 2
	assert_errors_contain '"schema": Permission denied'
	assert_errors_contain "--schema-dir"
}

@test "text that is not UTF-8 is named with its line" {
	printf 'select 1;\nselect '\''caf\xe9'\'';\n' >schema/02_latin.sql
	assert_refused 2 upgrade
	assert_errors_contain '"schema/02_latin.sql": line 2 is not UTF-8'
	assert_errors_contain "Save the file as UTF-8"
}

@test "a NUL byte is named with its line" {
	printf 'select 1;\nselect \0 2;\n' >schema/02_nul.sql
	assert_refused 2 upgrade
	assert_errors_contain '"schema/02_nul.sql": there is a NUL byte in line 2'
}

@test "a rollback that is not text is as wrong as a migration" {
	printf 'drop table \xff;' >rollback/rollback_01_users.sql
	assert_refused 2 upgrade
	assert_errors_contain "rollback/rollback_01_users.sql:1:12"
	assert_errors_contain "not valid UTF-8"
}

@test "duplicate numbers are named together" {
	migration 02_orders <<<'create table orders (id int);'
	migration 002_invoices <<<'create table invoices (id int);'
	assert_refused 2 upgrade
	assert_errors_contain "schema/02_orders.sql"
	assert_errors_contain "schema/002_invoices.sql"
	assert_errors_contain "same number, 2"
}

@test "a rollback without a migration" {
	rollback_of 07_gone <<<'drop table gone;'
	assert_refused 2 upgrade
	assert_errors_contain 'rollback "rollback/rollback_07_gone.sql" has no migration'
	assert_errors_contain '"07_gone.sql"'
}

@test "a pair whose names differ" {
	migration 02_orders <<<'create table orders (id int);'
	rollback_of 02_order <<<'drop table orders;'
	assert_refused 2 upgrade
	assert_errors_contain "rollback/rollback_02_order.sql"
	assert_errors_contain "schema/02_orders.sql"
	assert_errors_contain "Rename it to rollback_02_orders.sql"
}

@test "a directory where a migration should be" {
	mkdir schema/02_orders.sql
	assert_refused 2 upgrade
	assert_errors_contain '"schema/02_orders.sql": it is a directory'
}

@test "a pipe where a migration should be does not block" {
	mkfifo schema/02_orders.sql
	RUNG_TEST_TIMEOUT=20 assert_refused 2 upgrade
	assert_errors_contain '"schema/02_orders.sql": it is not a regular file'
}

@test "a link that leads nowhere" {
	ln -s nowhere.sql schema/02_orders.sql
	assert_refused 2 upgrade
	assert_errors_contain '"schema/02_orders.sql": No such file or directory'
}

@test "every problem is reported at once" {
	printf '\xff' >schema/02_latin.sql
	mkdir schema/03_folder.sql
	rollback_of 07_gone <<<'drop table gone;'
	migration 04_typo <<<'-- rung: transactoin: none'
	assert_refused 2 upgrade
	assert_errors_contain "4 problems"
	assert_errors_contain "schema/02_latin.sql"
	assert_errors_contain "schema/03_folder.sql"
	assert_errors_contain "schema/04_typo.sql:1:1"
	assert_errors_contain "rollback_07_gone"
	assert_errors_contain "Nothing has been run"

	run_rung check --offline
	assert_status 3
	assert_output_contains "[not-text]"
	assert_output_contains "[not-a-file]"
	assert_output_contains "[bad-directive]"
	assert_output_contains "[orphan-rollback]"
}

@test "an unknown directive comes with a suggestion" {
	migration 02_orders <<-SQL
		-- rung: transacton: none
		create table orders (id int);
	SQL
	assert_refused 2 upgrade
	assert_errors_contain 'schema/02_orders.sql:1:1'
	assert_errors_contain 'unknown directive "transacton"'
	assert_errors_contain 'Did you mean "transaction"'
}

@test "of a head with directives that cannot be read the others are reported all the same, and all that are wrong" {
	migration 02_orders <<-SQL
		-- rung: transacton: none
		-- rung: breaking: old clients cannot order
		-- rung: lock-timeout: soon
		-- rung: requires: 01
		create table orders (id int);
	SQL
	run_rung show 02
	assert_output_contains "old clients cannot order"
	run_rung status --json
	assert_output_contains '"breaking":"old clients cannot order"'
	run_rung check --offline
	assert_status 3
	assert_output_contains 'unknown directive "transacton" (also schema/02_orders.sql:3:1: cannot read directive "lock-timeout"'
	assert_refused 2 upgrade
	assert_errors_contain 'also schema/02_orders.sql:3:1: cannot read directive "lock-timeout"'
}

@test "a directive's value that means nothing" {
	migration 02_orders <<-SQL
		-- rung: lock-timeout: soon
		create table orders (id int);
	SQL
	assert_refused 2 upgrade
	assert_errors_contain 'schema/02_orders.sql:1'
	assert_errors_contain 'cannot read directive "lock-timeout"'
}

@test "a directive in the middle of a file is refused before anything runs" {
	migration 02_orders <<-SQL
		create table orders (id int);
		-- rung: transaction: none
		create table items (id int);
	SQL
	assert_refused 2 upgrade
	assert_errors_contain 'schema/02_orders.sql:2:1'
	assert_errors_contain "top of the file"
}

@test "a migration that requires what does not exist" {
	migration 02_orders <<-SQL
		-- rung: requires: 09
		create table orders (id int);
	SQL
	assert_refused 2 upgrade
	assert_errors_contain "schema/02_orders.sql"
	assert_errors_contain "9"
}

@test "an almost-right name is a warning, other files are nobody's business" {
	migration 02orders <<<'create table orders (id int);'
	touch schema/README.md schema/.gitkeep schema/01_users.sql~ schema/notes.txt
	run_rung upgrade
	assert_status 0
	assert_errors_contain "schema/02orders.sql"
	assert_errors_contain "warning"
	refute_errors_contain "README"
	refute_errors_contain "notes"
	assert_sql "select version from schema_version" 1
}

@test "an empty schema directory is nothing to do" {
	rm schema/* rollback/*
	assert_refused 0 upgrade
	assert_output_contains "nothing to do"
}

@test "a missing schema directory" {
	rm -r schema
	assert_refused 2 upgrade
	assert_errors_contain '"schema": No such file or directory'
	assert_errors_contain "schema_dir"
}

@test "a file where the schema directory should be" {
	rm -r schema && touch schema
	assert_refused 2 upgrade
	assert_errors_contain '"schema": Not a directory'
}

# --- SQL text ------------------------------------------------------------------

@test "an unterminated quote is told where it opens, before anything runs" {
	migration 02_orders <<-'SQL'
		create table orders (id int);
		insert into orders values ('ä', 'open);
	SQL
	assert_refused 2 upgrade
	assert_errors_contain "schema/02_orders.sql:2:33"
	assert_errors_contain "unterminated"
	assert_errors_contain "insert into orders"
}

@test "an unterminated dollar quote, comment and parenthesis" {
	local text
	for text in 'select $tag$ never closed;' 'select 1 /* never closed;' 'select (1;'; do
		migration 02_orders <<<"$text"
		assert_refused 2 upgrade
		assert_errors_contain "schema/02_orders.sql:1:"
	done
}

@test "an unknown backslash command is refused by name before anything runs" {
	migration 02_orders <<-'SQL'
		create table orders (id int);
		\connect elsewhere
	SQL
	assert_refused 2 upgrade
	assert_errors_contain "schema/02_orders.sql:2:1"
	assert_errors_contain '"\connect" is not supported'

	local command
	for command in '\! rm -rf /' '\o file' '\gexec' '\password' '\copy t to stdout' '\if true'; do
		migration 02_orders <<<"$command"
		assert_refused 2 upgrade
		assert_errors_contain "schema/02_orders.sql:1:"
	done
}

@test "a wrong file late in the line stops the first one too" {
	migration 02_orders <<<'create table orders (id int);'
	migration 03_broken <<<"select 'open;"
	assert_refused 2 upgrade
	assert_errors_contain "schema/03_broken.sql:1:8"
}

@test "an include that misses, leaves the project or includes itself" {
	migration 02_orders <<<'\ir parts/none.sql'
	assert_refused 2 upgrade
	assert_errors_contain "schema/02_orders.sql:1:1"
	assert_errors_contain "schema/parts/none.sql"
	assert_errors_contain "No such file"

	echo 'select 1;' >"$RUNG_RUN/tmp/outside.sql"
	migration 02_orders <<<'\ir ../../outside.sql'
	assert_refused 2 upgrade
	assert_errors_contain "it is outside"

	ln -s "$RUNG_RUN/tmp/outside.sql" schema/inside.sql
	migration 02_orders <<<'\ir inside.sql'
	assert_refused 2 upgrade
	assert_errors_contain "it is outside"

	mkdir schema/parts
	echo '\ir b.sql' >schema/parts/a.sql
	echo '\ir a.sql' >schema/parts/b.sql
	migration 02_orders <<<'\ir parts/a.sql'
	assert_refused 2 upgrade
	assert_errors_contain "it would include itself"
	assert_errors_contain "schema/parts/b.sql:1:1"
}

@test "a mixture that no transaction can hold names both lines" {
	migration 02_orders <<-'SQL'
		create table orders (id int);
		vacuum orders;
	SQL
	assert_refused 2 upgrade
	assert_errors_contain "schema/02_orders.sql:2"
	assert_errors_contain "line 1"
	assert_errors_contain "transaction: none"
}

# --- the command line and settings ----------------------------------------------

@test "an unknown verb comes with a suggestion" {
	assert_refused 2 upgrad
	assert_errors_contain 'there is no command "upgrad"'
	assert_errors_contain 'Did you mean "upgrade"?'
	assert_refused 2 xyzzy
	assert_errors_contain "rung help"
}

@test "an unknown option comes with a suggestion" {
	assert_refused 2 upgrade --dry-rum
	assert_errors_contain 'there is no option "--dry-rum" for upgrade'
	assert_errors_contain 'Did you mean "--dry-run"?'
	assert_refused 2 upgrade --force
	assert_errors_contain 'option of "rung downgrade"'
	assert_refused 2 upgrade --history-table
	assert_errors_contain "--history-table requires a value"
}

@test "operands too many or too few" {
	assert_refused 2 stamp
	assert_errors_contain "stamp requires TARGET"
	assert_refused 2 upgrade 01 02
	assert_errors_contain '"02"'
}

@test "targets that mean nothing" {
	migration 02_orders <<<'create table orders (id int);'
	assert_refused 2 upgrade 99
	assert_errors_contain 'there is no migration "99"'
	assert_refused 2 upgrade 02_oders
	assert_errors_contain 'Did you mean "02_orders"?'
	assert_refused 2 upgrade +0
	assert_refused 2 upgrade +3
	assert_errors_contain "2 migrations are pending"
	assert_refused 2 upgrade -1
	assert_errors_contain "downgrade -1"
	assert_refused 2 downgrade +1
	assert_errors_contain "upgrade +1"
	assert_refused 2 downgrade
	assert_errors_contain "no migration is applied"
}

@test "mistakes in rung.ini are reported with file and line" {
	local key hint
	while IFS='|' read -r key hint; do
		printf '[database]\nconnect_timeout = 10s\n%b\n' "$key" >rung.ini
		assert_refused 2 upgrade
		assert_errors_contain "rung.ini:"
		assert_errors_contain "$hint"
	done <<-'ROWS'
		ulr = x|Did you mean "url"?
		schema_dir = x|It belongs to [files].
		[filse]\nschema_dir = x|Did you mean [files]?
		nonsense|rung.ini:3
		connect_timeout = 5s|already given in line 2
		[upgrade]\nlock_timeout = soon|rung.ini:4
		[files]\non_change = maybe|expected error|reapply
	ROWS
}

@test "settings that mean nothing name who said them" {
	RUNG_LOCK_TIMEOUT=soon assert_refused 2 upgrade
	assert_errors_contain "environment RUNG_LOCK_TIMEOUT"
	assert_refused 2 upgrade --lock-timeout soon
	assert_errors_contain '"soon" is not a valid value for --lock-timeout'
	assert_refused 2 upgrade --history-table a.b.c
	assert_errors_contain "a.b.c"
	echo 'DATABASE_URL="open' >.env
	assert_refused 2 upgrade
	assert_errors_contain ".env:1"
}

@test "a directory to start in that does not exist" {
	assert_refused 2 -C nowhere upgrade
	assert_errors_contain '"nowhere": No such file or directory'
}

@test "a log file that cannot be written" {
	assert_refused 5 upgrade --log-file nowhere/migration.log
	assert_errors_contain '"nowhere/migration.log": No such file or directory'
}

# --- the server ------------------------------------------------------------------

@test "no URL at all says how to give one" {
	unset DATABASE_URL
	run_rung upgrade
	assert_status 2
	assert_errors_contain "no database is named"
	assert_errors_contain "DATABASE_URL"
}

@test "a URL that is none" {
	run_rung upgrade --database-url 'mysql://me:hunter2secret@host/db'
	assert_status 2
	assert_errors_contain "it should start with postgresql://"
	refute_errors_contain hunter2secret
}

@test "no server" {
	run_rung upgrade --database-url "postgresql://me:hunter2secret@/db?host=$PROJECT"
	assert_status 4
	assert_errors_contain "could not connect"
	assert_errors_contain "$PROJECT/.s.PGSQL.5432"
	refute_errors_contain hunter2secret
	local verb
	for verb in status check current history "stamp head" repair log "downgrade --force" "upgrade --dry-run"; do
		# shellcheck disable=SC2086 # a verb may bring an operand
		run_rung $verb --database-url "postgresql://me:hunter2secret@/db?host=$PROJECT"
		assert_status 4
		refute_errors_contain hunter2secret
	done
}

@test "no database of that name" {
	run_rung upgrade --database-url "$(url_of_database "$DATABASE_URL" "no such one")"
	assert_status 4
	assert_errors_contain 'database "no such one" does not exist'
}

# A server of one's own on which `deploy` must give a password.
demand_password() {
	server_start_own asking
	sql "create role deploy login password 's3cret/p@ss:w%rd#?'"
	sed -i '1i local all deploy scram-sha-256' "$RUNG_RUN/asking/data/pg_hba.conf"
	sql "select pg_reload_conf()" >/dev/null
	asking_url="postgresql://deploy:$1@/$TEST_DATABASE?host=$RUNG_RUN/asking"
	wait_until 15 is_asking
}

is_asking() { ! psql -w -d "postgresql://deploy@/$TEST_DATABASE?host=$RUNG_RUN/asking" -c '' >/dev/null 2>&1; }

@test "a wrong password is never shown" {
	demand_password hunter2wrong
	run_rung upgrade --database-url "$asking_url" --log-file migration.log --verbose
	assert_status 4
	assert_errors_contain "password authentication failed"
	refute_errors_contain hunter2wrong
	refute_output_contains hunter2wrong
	run grep -r hunter2wrong migration.log
	[ "$status" -eq 1 ]

	DATABASE_URL=$asking_url run_rung upgrade --json
	assert_status 4
	refute_output_contains hunter2wrong
	refute_errors_contain hunter2wrong
	DATABASE_URL=$asking_url run_rung config
	assert_status 0
	assert_output_contains "deploy:***@"
	refute_output_contains hunter2wrong

	run_rung upgrade --database-url "postgresql://deploy@/$TEST_DATABASE?host=$RUNG_RUN/asking"
	assert_status 4
	assert_errors_contain "PGPASSWORD"
}

@test "a password on the command line is gone from the process list while we connect" {
	if [ ! -d /proc/self/fd ]; then skip "there is no /proc"; fi
	proxy_start --cut-after-client-messages 1 --stall
	start_rung upgrade --database-url "postgresql://postgres:hunter2wrong@${DATABASE_URL#*@}" \
		--direct-url "postgresql://postgres:hunter2wrong@nowhere/db"
	wait_until 15 is_connecting
	run tr '\0' ' ' <"/proc/$rung_pid/cmdline"
	[[ $output == *upgrade* ]]
	[[ $output != *hunter2* ]]
	run ps -ww -o args= -p "$rung_pid"
	[[ $output != *hunter2* ]]
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	refute_errors_contain hunter2
}

is_connecting() { readlink /proc/"$rung_pid"/fd/* | grep -q '^socket:'; }

@test "connecting gives up in time" {
	proxy_start --cut-after-client-messages 1 --stall
	run_rung upgrade --connect-timeout 1s
	assert_status 4
	assert_errors_contain "--connect-timeout"
}

# --- rights ----------------------------------------------------------------------

# as_role NAME "GRANTS" - DATABASE_URL of a role that may log in and what GRANTS say.
as_role() {
	role=${1}_$TEST_DATABASE
	sql "create role $role login"
	roles+=("$role")
	role_url="postgresql://$role@${DATABASE_URL#*@}"
	if [ -n "$2" ]; then sql "${2//ROLE/$role}"; fi
}

teardown() {
	local role
	for role in "${roles[@]}"; do
		sql "drop owned by $role cascade; drop role $role" >/dev/null 2>&1 || true
	done
	rung_teardown
}

@test "a user who may not create tables" {
	roles=()
	as_role weak "revoke create on schema public from public"
	DIRECT_URL=$DATABASE_URL DATABASE_URL=$role_url assert_refused 1 upgrade
	assert_errors_contain "permission denied for schema public"
	assert_errors_contain 'CREATE on the schema "public"'
	assert_errors_contain "42501"
}

@test "a user who may only read" {
	roles=()
	run_rung upgrade
	migration 02_orders <<<'create table orders (id int);'
	as_role reader "grant usage on schema public to ROLE; grant select on all tables in schema public to ROLE"
	DIRECT_URL=$DATABASE_URL
	DATABASE_URL=$role_url assert_refused 1 upgrade
	assert_errors_contain "permission denied"
	assert_errors_contain "42501"
	DATABASE_URL=$role_url assert_refused 1 stamp head
	DATABASE_URL=$role_url assert_refused 0 status
	assert_output_contains "02_orders"
	DATABASE_URL=$role_url assert_refused 3 check
}

@test "a transaction that may only read" {
	PGOPTIONS='-c default_transaction_read_only=on' run_rung upgrade
	assert_status 1
	assert_errors_contain "read-only"
	assert_sql "select to_regclass('schema_version') is null" t
}

@test "a standby" {
	server_start_own primary wal_level=replica
	run_rung upgrade
	migration 02_orders <<<'create table orders (id int);'
	standby_start
	DATABASE_URL=$standby_url run_rung upgrade
	assert_status 4
	assert_errors_contain "standby"
	DATABASE_URL=$standby_url run_rung upgrade --dry-run
	assert_status 4
	assert_errors_contain "standby"
	DATABASE_URL=$standby_url run_rung stamp head
	assert_status 4
	assert_errors_contain "standby"
	DATABASE_URL=$standby_url run_rung status
	assert_status 0
	assert_output_contains "read only"
	assert_sql "select count(*) from schema_version" 1
	# Nor does it know that there is nothing to do: it may be behind.
	local verb
	for verb in "upgrade 01" "upgrade --dry-run 01" "downgrade --force 01" resume setup; do
		# shellcheck disable=SC2086 # words
		DATABASE_URL=$standby_url run_rung $verb
		assert_status 4
		assert_errors_contain "standby"
	done
}

standby_start() {
	local dir=$RUNG_RUN/standby
	server_folder "$dir"
	test_servers+=(standby)
	ln -s "$(server_bindir)" "$dir/bin"
	(cd / && as_server_user "$dir/bin/pg_basebackup" -D "$dir/data" -R -c fast --no-sync \
		-d "$(server_url primary)") >"$dir/backup.log" 2>&1 || skip "no base backup: $(cat "$dir/backup.log")"
	echo "unix_socket_directories = '$dir'" >>"$dir/data/postgresql.conf"
	server_start standby
	standby_url=$(server_url standby "$TEST_DATABASE")
}

# --- foreign tables of history -----------------------------------------------------

# assert_foreign TOOL - refused by every verb that would write, with both ways out.
assert_foreign() {
	local verb
	for verb in upgrade "stamp head" repair "downgrade --force"; do
		# shellcheck disable=SC2086 # a verb may bring an operand
		assert_refused 2 $verb
		assert_errors_contain "--history-table"
		assert_errors_contain "public.schema_version"
		if [ -n "$1" ]; then assert_errors_contain "rung import $1"; fi
	done
	run_rung upgrade --history-table public.rung_version
	assert_status 0
	assert_sql "select version from rung_version" 1
}

@test "Flyway's table is left alone" {
	sql <<-SQL
		create table schema_version (installed_rank int primary key, version varchar(50),
			description varchar(200), type varchar(20), script varchar(1000), checksum int,
			installed_by varchar(100), installed_on timestamp default now(), execution_time int, success boolean);
		insert into schema_version values (1, '1', 'init', 'SQL', 'V1__init.sql', 7, 'me', now(), 3, true);
	SQL
	assert_foreign flyway
}

@test "golang-migrate's table is left alone" {
	sql "create table schema_version (version bigint primary key, dirty boolean not null); insert into schema_version values (1, false)"
	assert_foreign golang-migrate
}

@test "tern's table is left alone" {
	sql "create table schema_version (version int not null); insert into schema_version values (3)"
	assert_foreign tern
}

@test "goose's table is left alone" {
	sql "create table schema_version (id serial primary key, version_id bigint not null, is_applied boolean not null, tstamp timestamp default now())"
	assert_foreign goose
}

@test "Alembic's table is left alone" {
	sql "create table schema_version (version_num varchar(32) primary key)"
	assert_foreign alembic
}

@test "a table of unknown shape is left alone, its columns told" {
	sql "create table schema_version (id int, note text)"
	assert_foreign ""
	assert_refused 2 upgrade --history-table public.schema_version
	assert_errors_contain "id int4,note text"
}

@test "a view of that name is left alone" {
	sql "create view schema_version as select 1 as version, 'x'::text as description, now() as applied_at"
	assert_foreign ""
	assert_refused 2 upgrade --history-table public.schema_version
	assert_errors_contain "it is not a plain table"
}

@test "a three-column table of other types is not taken for a hand-made one" {
	sql "create table schema_version (version varchar(20) primary key, description text, applied_at timestamptz default now())"
	assert_foreign ""
}

# --- what the disk holds against the history ------------------------------------------

@test "a gap: an older file appears after newer ones were applied" {
	migration 03_items <<<'create table items (id int);'
	run_rung upgrade
	migration 02_orders <<<'create table orders (id int);'
	assert_refused 3 upgrade
	assert_errors_contain '"02_orders" is older than the newest applied, "03_items"'
	assert_errors_contain "--out-of-order"
	assert_errors_contain "renumber"
}

@test "nothing in schema/, rollback/ or the seeds leads out of the project, unless it is allowed" {
	local outside=$RUNG_RUN/tmp/outside.$BATS_SUITE_TEST_NUMBER
	mkdir -p "$outside"
	echo 'create table leaked (id int);' >"$outside/file.sql"
	echo 7 >"$outside/rows"
	sql "create table numbers (id int)"

	rm schema/* rollback/*
	ln -s "$outside/file.sql" schema/01_link.sql
	assert_refused 2 upgrade
	assert_errors_contain "schema/01_link.sql\": it is outside the project"
	assert_errors_contain "allow_outside"
	run_rung check --offline
	assert_status 3
	assert_output_contains "[outside]"
	run_rung upgrade --allow-outside
	assert_status 0
	assert_sql "select to_regclass('leaked') is not null" t

	# A rollback that is a link would be kept in the database, whatever it leads to.
	rm schema/01_link.sql
	echo 'create table leaked (id int);' >schema/01_link.sql
	ln -s "$outside/rows" rollback/rollback_01_link.sql
	migration 02_next <<<'select 1;'
	assert_refused 2 upgrade
	assert_errors_contain "rollback/rollback_01_link.sql\": it is outside the project"
	rm rollback/rollback_01_link.sql

	for line in "\\copy numbers from '$outside/rows'" "\\copy numbers from $outside/rows" "\\copy numbers from link/rows" \
		"\\i $outside/file.sql" "\\ir ../link/file.sql"; do
		ln -sfn "$outside" link
		migration 02_next <<<"$line"
		assert_refused 2 upgrade
		assert_errors_contain "it is outside the project"
		assert_refused 2 upgrade --sql
	done
	migration 02_next <<<'\copy numbers from link/rows'
	RUNG_ALLOW_OUTSIDE=yes run_rung upgrade
	assert_status 0
	assert_sql "select id from numbers" 7

	mkdir -p schema/seed
	ln -s "$outside/file.sql" schema/seed/01_seed.sql
	assert_refused 2 seed
	assert_errors_contain "it is outside the project"
	rm -r schema/seed
	ln -s "$outside" schema/seed
	assert_refused 2 seed

	# A directory that is named outright is meant; one that is a link to elsewhere is not.
	mv schema "$outside/schema"
	run_rung check --offline --schema-dir "$outside/schema"
	refute_output_contains "[outside]"
	ln -s "$outside/schema" schema
	assert_refused 2 upgrade
	assert_errors_contain "it is outside the project"
}
