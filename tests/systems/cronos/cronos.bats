# A service under security review: settings from its own variables only, a password full
# of special characters, breaking changes announced, maintenance mode, restricted rights,
# and a record of migrations that can be proven.

load ../../lib/rung

# As a secret manager would make one: everything that URLs, shells and keywords trip over.
PASSWORD='p@ss:w/o%rd #?&=+ '\''"\$ä{}'

# One server for all of these tests; each has a database of its own.
setup_file() {
	local dir=$RUNG_RUN/cronos
	CRONOS_PORT=$(free_port)
	export CRONOS_PORT
	server_new cronos "listen_addresses='127.0.0.1'" "port=$CRONOS_PORT" "password_encryption='scram-sha-256'"
	sed -i '1i host all all 127.0.0.1/32 scram-sha-256' "$dir/data/pg_hba.conf"
	psql -XAtq -v ON_ERROR_STOP=1 -d "$(server_url cronos)" -v deploy_password="$PASSWORD" \
		-v app_password=app -v audit_password=audit -c 'select pg_reload_conf()' \
		-f "$TESTS/systems/cronos/bootstrap_roles.sql" >/dev/null
	wait_until 15 asks_for_password
}

teardown_file() { server_remove cronos; }

asks_for_password() { ! psql -w -d "postgresql://cronos_app@127.0.0.1:$CRONOS_PORT/postgres" -c '' >/dev/null 2>&1; }

server_url() { echo "postgresql://postgres@/${2:-postgres}?host=$RUNG_RUN/cronos&port=$CRONOS_PORT"; }

setup() {
	unset "${!CRONOS_AI_DB_@}"
	rung_setup
	rmdir schema rollback
	cp -R "$TESTS/systems/cronos/schema" "$TESTS/systems/cronos/rollback" "$TESTS/systems/cronos/rung.ini" .
	cp "$ROOT/docs/examples/maintenance.sh" .
	sed -e "s/^\(CRONOS_AI_DB_PORT\)=.*/\1=$CRONOS_PORT/" -e "s/^\(CRONOS_AI_DB_NAME\)=.*/\1=$TEST_DATABASE/" \
		"$TESTS/systems/cronos/.env" >.env
	psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f "$TESTS/systems/cronos/bootstrap_database.sql"
	export CRONOS_AI_DB_PASSWORD=$PASSWORD
	ADMIN_URL=$DATABASE_URL
	# Somebody else's; these settings must not look at it.
	export DATABASE_URL=postgresql://nowhere.invalid/other
}

# The server is this file's own.
server_use() {
	TEST_DATABASE=t_${BATS_SUITE_TEST_NUMBER:-0}_$$_$RANDOM
	TEST_SERVER=cronos
	database_create "$(server_url cronos)" "$TEST_DATABASE"
	DATABASE_URL=$(server_url cronos "$TEST_DATABASE")
}

# As the administrator.
sql() { psql -XAtq -v ON_ERROR_STOP=1 -d "$ADMIN_URL" -c "$1"; }

# as USER PASSWORD "QUERY"
as() { PGPASSWORD=$2 psql -XAtqw -v ON_ERROR_STOP=1 -d "postgresql://$1@127.0.0.1:$CRONOS_PORT/$TEST_DATABASE" -c "$3" 2>&1; }

assert_denied() {
	local said
	said=$(as "$@") && fail "this was allowed: $3"
	contains "$said" "denied" || contains "$said" "must be owner" || fail "not for want of rights: $said"
}

state() { DIRECT_URL=$ADMIN_URL database_state; }

# --- settings ------------------------------------------------------------------------

@test "CRONOS_AI_DB_* and nothing else says where the database is" {
	run_rung upgrade
	assert_status 0
	assert_sql "select string_agg(name, ' ' order by version) from ops.schema_version" \
		"01_users 02_api_keys 03_audit_logs 04_full_names 05_api_key_hashes 06_no_plain_api_keys"
	run_rung config
	assert_output_contains "CRONOS_AI_DB"
	CRONOS_AI_DB_USER='' CRONOS_AI_DB_HOST='' CRONOS_AI_DB_PORT='' CRONOS_AI_DB_NAME='' CRONOS_AI_DB_PASSWORD='' \
		run_rung status
	assert_status 2
	assert_errors_contain "CRONOS_AI_DB_HOST"
	CRONOS_AI_DB_NAME=no_such_database run_rung status
	assert_status 4
	assert_errors_contain 'database "no_such_database" does not exist'
}

@test "the password is never shown: output, log, errors, process list, database" {
	migration 07_slow <<<"select pg_advisory_lock_shared(4711);"
	coproc ADMIN { psql -XAtq -d "$ADMIN_URL" 2>&1; }
	echo "select pg_advisory_lock(4711); select 'held';" >&"${ADMIN[1]}"
	read -r held <&"${ADMIN[0]}"
	[ -z "$held" ] && read -r held <&"${ADMIN[0]}"
	start_rung upgrade --verbose
	wait_for "exists (select from pg_stat_activity where wait_event = 'advisory' and datname = current_database())"
	ps -eo args >processes
	echo "select pg_advisory_unlock(4711); \q" >&"${ADMIN[1]}"
	finish_rung
	assert_status 0
	printf '%s\n%s\n' "$output" "$errors" >said
	run_rung config --json
	printf '%s\n%s\n' "$output" "$errors" >>said
	CRONOS_AI_DB_PASSWORD="wrong $PASSWORD" run_rung status
	assert_status 4
	assert_errors_contain "password authentication failed"
	printf '%s\n%s\n' "$output" "$errors" >>said
	sql "select * from ops.schema_version" >>said
	sql "select * from ops.schema_version_log" >>said
	local piece
	for piece in 'p@ss' 'w/o%rd' '#?&=' 'p%40ss'; do
		for file in said processes migration.log "$RUNG_RUN/cronos/log"; do
			if grep -qF -- "$piece" "$file"; then fail "\"$piece\" is in $file"; fi
		done
	done
}

# --- what is coming --------------------------------------------------------------------

@test "breaking changes are in plan, status, show, history and JSON" {
	run_rung upgrade 3
	run_rung upgrade --dry-run
	assert_output_matches '04_full_names +BREAKING: users.name is called full_name; releases before 2.0'
	assert_output_matches '06_no_plain_api_keys +BREAKING: api_keys.key is gone'
	[[ $output != *05_api_key_hashes*BREAKING*06* ]] || fail "05 breaks nothing"
	run_rung upgrade --dry-run --json
	assert_equal "$(jq -r 'select(.breaking) | "\(.name) \(.breaking)"' <<<"$output")" \
		"04_full_names users.name is called full_name; releases before 2.0 cannot read users
06_no_plain_api_keys api_keys.key is gone; releases before 2.1 cannot check keys"
	run_rung status
	assert_output_matches '04_full_names +pending .*users.name is called full_name'
	run_rung status --json
	assert_equal "$(jq -r 'select(.type == "migration" and .breaking) | .name' <<<"$output")" "04_full_names
06_no_plain_api_keys"
	run_rung show 4
	assert_output_matches 'Breaking +users.name is called full_name'
	run_rung show 5
	refute_output_contains "Breaking"
	run_rung history --verbose
	assert_output_matches 'Breaking'
	assert_output_matches '04_full_names +pending .*users.name is called full_name'
	run_rung history
	refute_output_contains "full_name;"
	# On the way down it is not announced again.
	run_rung upgrade 5
	run_rung downgrade 3 --dry-run
	assert_output_contains 04_full_names
	refute_output_contains BREAKING
	run_rung help directives
	assert_output_contains "breaking: REASON"
}

@test "a breaking change without a reason is refused" {
	sed -i '1s/breaking:.*/breaking:/' schema/04_full_names.sql
	run_rung upgrade
	assert_status 2
	assert_errors_contain 'cannot read directive "breaking": the reason is missing'
	assert_sql "select to_regclass('users') is null" t
}

@test "history --verbose: who, from where, how long, which file" {
	run_rung upgrade
	run_rung history --verbose
	assert_status 0
	assert_output_contains "cronos_deploy"
	assert_output_contains "$(uname -n)"
	assert_output_contains "schema/02_api_keys.sql"
	run_rung history --json
	assert_equal "$(jq -r 'select(.version == 6) | "\(.state) \(.has_rollback)"' <<<"$output")" "applied false"
}

# --- maintenance mode --------------------------------------------------------------------

@test "maintenance mode surrounds an upgrade that breaks something, and only that" {
	run_rung upgrade 3
	assert_status 0
	refute_errors_contain "maintenance"
	run_rung upgrade 4
	assert_status 0
	assert_errors_contain "maintenance mode is on for 04_full_names"
	assert_errors_contain "maintenance mode is off again: upgrade ok"
	[ ! -e maintenance.flag ]
	run_rung upgrade 5
	refute_errors_contain "maintenance"
}

@test "maintenance mode is on while it runs, and left when it fails" {
	run_rung upgrade 5
	sql "insert into users (email, full_name, password_hash) values ('a@example.org', 'A', '\$argon2id\$x')"
	echo "select 1/0;" >>schema/06_no_plain_api_keys.sql
	run_rung upgrade
	assert_status 1
	assert_errors_contain "maintenance mode is on for 06_no_plain_api_keys"
	assert_errors_contain "division by zero"
	assert_errors_contain "maintenance mode is off again: upgrade failed"
	[ ! -e maintenance.flag ]
	assert_sql "select count(*) from information_schema.columns where table_name = 'api_keys' and column_name = 'key'" 1
	run_rung current
	assert_output_contains 05_api_key_hashes
}

@test "maintenance mode is left when the upgrade is cancelled" {
	run_rung upgrade 5
	echo "select pg_sleep(100);" >>schema/06_no_plain_api_keys.sql
	start_rung upgrade
	wait_for "exists (select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database())"
	[ "$(cat maintenance.flag)" = "upgrade: 06_no_plain_api_keys" ]
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	[ ! -e maintenance.flag ]
	assert_errors_contain "off again: upgrade failed"
}

@test "when maintenance mode cannot be entered nothing happens" {
	run_rung upgrade 5
	local before
	before=$(state)
	MAINTENANCE_FLAG=no/such/folder/flag run_rung upgrade
	assert_status 5
	assert_errors_contain "the hook before_upgrade failed"
	assert_equal "$(state)" "$before"
}

# --- afterwards --------------------------------------------------------------------------

@test "verification after the upgrade" {
	run_rung upgrade
	run_rung check
	assert_status 0
	psql -Xq -v ON_ERROR_STOP=1 -d "$ADMIN_URL" -f "$TESTS/systems/cronos/verify.sql"
	sql "grant usage on schema ops to cronos_app; grant update on ops.schema_version to cronos_app"
	run psql -Xq -v ON_ERROR_STOP=1 -d "$ADMIN_URL" -f "$TESTS/systems/cronos/verify.sql"
	[ "$status" -ne 0 ]
	contains "$output" "the application may touch the record of migrations"
}

@test "constraints hold, and what is irreversible says so" {
	run_rung upgrade 5
	as cronos_app app "insert into users (email, full_name, password_hash) values ('a@example.org', 'A', '\$argon2id\$v=19\$x')"
	run as cronos_app app "insert into users (email, full_name, password_hash) values ('b@example.org', 'B', 'plain')"
	contains "$output" users_password_hash_check
	as cronos_app app "insert into api_keys (user_id, name, key) select id, 'ci', repeat('k', 40) from users"
	assert_sql "select key_prefix, length(key_hash) from api_keys" "kkkkkkkk|64"
	run as cronos_app app "insert into api_keys (user_id, name, key, scopes) select id, 'x', repeat('l', 40), '{root}' from users"
	contains "$output" api_keys_scopes_check
	run as cronos_app app "insert into audit_logs (action, resource, outcome) values ('login', 'session', 'perhaps')"
	contains "$output" audit_logs_outcome_check

	run_rung downgrade 3 --force
	assert_status 0
	assert_sql "select name from users" A
	run_rung upgrade
	assert_status 0
	local before
	before=$(state)
	run_rung downgrade -1 --force
	assert_status 2
	assert_errors_contain "the keys themselves are gone, which is the point"
	assert_equal "$(state)" "$before"
}

@test "a backup before every migration, and those older than 30 days pruned" {
	run_rung keygen
	printf '\n[backup]\nstore = backups\nrecipients = %s\n' "$(grep -o 'age1[a-z0-9]*' backup-identity.key)" >>rung.ini
	run_rung upgrade 3 --no-backup
	run_rung backup
	assert_status 0
	run_rung backup
	local manifests=(backups/*/*.json)
	# Made 40 and 10 days ago, as far as their manifests say.
	made_ago "${manifests[0]}" "40 days"
	made_ago "${manifests[1]}" "10 days"
	run_rung upgrade
	assert_status 0
	assert_errors_contain "backed up"
	assert_sql "select count(distinct backup) from ops.schema_version where version > 3 and backup is not null" 1

	run_rung prune-backups --keep-within 30d --allow-unsigned
	assert_output_contains "1 backup would be removed"
	[ -e "${manifests[0]}" ]
	run_rung prune-backups --keep-within 30d --allow-unsigned --yes
	assert_status 0
	[ ! -e "${manifests[0]}" ]
	[ -e "${manifests[1]}" ]
	run_rung list-backups --json
	assert_equal "$(jq -s '[.[] | select(.type == "backup")] | length' <<<"$output")" 2
}

made_ago() {
	sed -i -E "s/(\"created_at\": ?)\"[^\"]*\"/\1\"$(date -u -d "$2 ago" +%Y-%m-%dT%H:%M:%SZ)\"/" "$1"
}

@test "the full cycle on a scratch server, which has neither the roles nor the schema of the record" {
	rm schema/0[456]* rollback/rollback_0[45]*
	run_rung test
	assert_status 0
}

# --- rights ------------------------------------------------------------------------------

@test "the deploy user migrates through its role, and owns nothing" {
	run_rung upgrade
	assert_status 0
	assert_sql "select distinct pg_get_userbyid(relowner) from pg_class
		where relnamespace in ('public'::regnamespace, 'ops'::regnamespace)" cronos_owner
	assert_sql "select distinct applied_by like 'cronos_deploy%' from ops.schema_version" t
	# Without SET ROLE not even reading is allowed.
	assert_denied cronos_deploy "$PASSWORD" "select * from public.users"
	assert_denied cronos_deploy "$PASSWORD" "delete from ops.schema_version"
	run_rung status --role=
	assert_status 1
	assert_errors_contain "permission denied"
	run_rung upgrade --role postgres
	assert_status 1
	assert_errors_contain 'permission denied to set role "postgres"'
}

@test "the application reads and writes its tables, and nothing else" {
	run_rung upgrade
	as cronos_app app "insert into users (email, full_name, password_hash) values ('a@example.org', 'A', '\$argon2id\$x')"
	as cronos_app app "insert into audit_logs (action, resource, outcome) values ('auth.login', 'session', 'allowed')"
	assert_denied cronos_app app "update audit_logs set outcome = 'denied'"
	assert_denied cronos_app app "delete from audit_logs"
	assert_denied cronos_app app "insert into ops.schema_version (version) values (99)"
	assert_denied cronos_app app "update ops.schema_version set checksum = null"
	assert_denied cronos_app app "delete from ops.schema_version_log"
	assert_denied cronos_app app "select * from ops.schema_version"
	assert_denied cronos_app app "alter table users add column x int"
	assert_denied cronos_app app "drop table users"
	assert_denied cronos_app app "create table mine (id int)"
	local before
	before=$(state)
	migration 07_more <<<'create table more (id int);'
	CRONOS_AI_DB_USER=cronos_app CRONOS_AI_DB_PASSWORD=app run_rung upgrade
	assert_status 1
	assert_errors_contain 'permission denied to set role "cronos_owner"'
	CRONOS_AI_DB_USER=cronos_app CRONOS_AI_DB_PASSWORD=app run_rung upgrade --role=
	assert_status 1
	assert_errors_contain "permission denied"
	assert_equal "$(state)" "$before"
}

# --- the audit trail -------------------------------------------------------------------------

@test "alembic revision --autogenerate: the models find an empty database in CRONOS_AI_DB_*" {
	need_python sqlalchemy psycopg2
	cp -R "$TESTS/systems/cronos/app" .
	printf '\n[create]\ndesired_command = %s -m app.models\n' "$python" >>rung.ini
	run_rung upgrade
	sed -i 's/moment("locked_until"), /&Column("locale", Text), /' app/models.py
	run_rung create "locales"
	assert_status 0
	assert_errors_contain "stays as it is, because the command creates no object of its kind: check constraint (10)"
	assert_equal "$(grep -v '^--' schema/07_locales.sql | grep .)" "ALTER TABLE public.users ADD COLUMN locale text;"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from pg_attribute where attrelid = 'users'::regclass and attname = 'locale'" 1
}

@test "every migration leaves a trail: log, its proof, and the log file" {
	run_rung upgrade 4
	run_rung downgrade --force
	echo "select 1/0;" >>schema/04_full_names.sql
	run_rung upgrade
	assert_status 1
	run_rung log
	assert_status 0
	assert_output_matches 'apply +done +04_full_names'
	assert_output_matches 'rollback +done +04_full_names'
	assert_output_matches 'failed +04_full_names .*22012 +division by zero .*cronos_deploy'
	run_rung log --json
	assert_equal "$(jq -r 'select(.type == "log") | .db_user' <<<"$output" | sort -u)" cronos_deploy
	run_rung log --verify
	assert_status 0
	grep -qE "^[0-9T:Z-]+	[^	]+@[^	]+	upgrade	04_full_names	failed	.*division by zero" migration.log
	grep -qE "downgrade	04_full_names	rolled back" migration.log

	# The auditors read it as themselves, once that is granted on the tables that rung keeps to their owner,
	# and may change nothing.
	sql "grant select on all tables in schema ops to cronos_audit"
	CRONOS_AI_DB_USER=cronos_audit CRONOS_AI_DB_PASSWORD=audit run_rung log --verify --role=
	assert_status 0
	assert_denied cronos_audit audit "delete from ops.schema_version_log"

	# Whoever could, is found out.
	sql "update ops.schema_version_log set db_user = 'somebody_else' where id = 2"
	CRONOS_AI_DB_USER=cronos_audit CRONOS_AI_DB_PASSWORD=audit run_rung log --verify --role=
	assert_status 3
	assert_output_contains "row 2 of the log was changed"
}

@test "a row taken out of the log is noticed" {
	run_rung upgrade
	sql "delete from ops.schema_version_log where id = 3"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 4 of the log does not follow the row before it"
}
