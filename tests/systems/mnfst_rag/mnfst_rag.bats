# The guide of mnfst-rag from top to bottom: scripts/db.sh, revisions by their full name, tenants kept
# apart by policies, changes without downtime, and its troubleshooting page.

load ../../lib/rung

setup() {
	rung_setup
	cp -R "$BATS_TEST_DIRNAME"/{schema,rollback,rung.ini,.env} .
	mkdir scripts
	cp "$ROOT/scripts/db.sh" scripts
}

# Roles are the server's: they go when no database of the test needs them any more.
teardown() {
	rung_teardown
	psql -XAtq -d "$(server_url main)" >/dev/null 2>&1 <<-SQL || true
		drop role if exists mnfst_alice;
		drop role if exists mnfst_sam;
		drop role if exists mnfst_app;
		drop role if exists mnfst_support;
	SQL
}

# run_db ARGS… - scripts/db.sh; $status, $output and $errors as of run_rung.
run_db() {
	run --separate-stderr limited 120 scripts/db.sh "$@"
	# shellcheck disable=SC2154 # bats sets it
	errors=$stderr
	last_command="db.sh $*"
}

# answer TEXT ARGS… - the same on a terminal, where somebody types TEXT.
answer() {
	if ! command -v script >/dev/null; then skip "script(1) is not installed"; fi
	run bash -c "printf '%s\n' '$1' | TERM=dumb limited_script '$(printf '%q ' scripts/db.sh "${@:2}")'"
	last_command="db.sh ${*:2} (answered $1)"
}
limited_script() { timeout 60 script -qec "$1" /dev/null; }
export -f limited_script

current() { "$RUNG" current; }

# tenants_with_users COUNT - two tenants and COUNT users, before or after roles are an enum.
tenants_with_users() {
	local type
	type=$(sql "select format_type(atttypid, atttypmod) from pg_attribute
	             where attrelid = 'users'::regclass and attname = 'role'")
	sql "insert into tenants (name, slug) values ('Acme', 'acme'), ('Bolt', 'bolt');
	     insert into users (tenant_id, email, password_hash, role, last_login_at)
	     select t.id, 'u' || g || '@' || slug, 'x', (array['viewer', 'editor', 'admin', 'owner'])[1 + g % 4]::$type,
	            case when g % 3 = 0 then now() end
	       from tenants t, generate_series(1, $1 / 2) g"
}

# --- the script ----------------------------------------------------------------

@test "setup, status, history, seed" {
	run_db setup
	assert_status 0
	assert_equal "$(current)" "012_index_documents_created_at"
	assert_sql "select count(*) from tenants" 2
	run_db seed
	assert_status 0
	assert_sql "select count(*) from documents" 2
	run_db status
	assert_status 0
	assert_output_contains "Up to date."
	run_db history
	assert_status 0
	assert_output_matches "001_initial_schema.*004_add_user_preferences.*012_index_documents_created_at"
	run_db history --verbose
	assert_status 0
	assert_output_contains "$(sha256sum <schema/004_add_user_preferences.sql | cut -c1-12)"
	run_db setup
	assert_status 0
}

@test "upgrade REV and downgrade REV by the full name; downgrade asks first" {
	need_terminal
	run_db upgrade 004_add_user_preferences
	assert_status 0
	assert_equal "$(current)" "004_add_user_preferences"
	run_db downgrade
	assert_status 2
	assert_errors_contain "--force"
	assert_equal "$(current)" "004_add_user_preferences"
	answer n downgrade
	assert_equal "$(current)" "004_add_user_preferences"
	answer y downgrade
	assert_status 0
	assert_equal "$(current)" "003_add_indexes"
	run_db downgrade 001_initial_schema --force
	assert_status 0
	assert_equal "$(current)" "001_initial_schema"
	run_db upgrade 004_add_users_preferences
	assert_status 2
	assert_errors_contain "004_add_user_preferences"
}

@test "migrate validates first: nothing runs while something is wrong with the files" {
	echo "create table orphan (id int);" >rollback/rollback_099_nobody.sql
	echo "-- rung: transactoin: none" >>schema/001_initial_schema.sql
	sed -i '1i -- rung: transactoin: none' schema/003_add_indexes.sql
	assert_equal "$(database_state)" "$(
		run_db migrate >/dev/null
		database_state
	)"
	run_db migrate
	assert_status 3
	assert_output_contains "schema/003_add_indexes.sql:1"
	rm rollback/rollback_099_nobody.sql
	sed -i '1d' schema/003_add_indexes.sql
	run_db migrate
	assert_status 0
	assert_equal "$(current)" "012_index_documents_created_at"
}

configure_backups() {
	run_rung keygen --identity-file "$PROJECT/identity.key" --sign-key "$PROJECT/signing.key"
	assert_status 0
	cat >>rung.ini <<-INI

		[backup]
		store = $PROJECT/backups
		recipients = $(grep -o 'age1[a-z0-9]*' <<<"$output" | head -1)
		sign_key = signing.key
		trusted_keys = $(grep -o 'RW[A-Za-z0-9+/]\{54\}' <<<"$output" | head -1)
	INI
}

@test "migration \"msg\" backs up first; backup FILE" {
	configure_backups
	run_db setup
	assert_status 0
	run_db migration "add tenant quotas"
	assert_status 0
	[ -f schema/013_add_tenant_quotas.sql ]
	[ -f rollback/rollback_013_add_tenant_quotas.sql ]
	run_rung list-backups
	assert_output_contains "012_index_documents_created_at"

	run_db backup "before release.age"
	assert_status 0
	run_db backup "before release.age"
	assert_status 2
	run_rung restore "before release.age" --into "${TEST_DATABASE}_copy" --identity-file identity.key --allow-unsigned
	assert_status 0
	test_databases+=("$(url_of_database "$DATABASE_URL" "${TEST_DATABASE}_copy")")
	assert_equal "$(psql -XAtq -d "${test_databases[-1]}" -c "select count(*) from documents")" 2
}

@test "alembic revision --autogenerate: policies, triggers and grants stay as they are" {
	need_python sqlalchemy psycopg2
	cp -R "$BATS_TEST_DIRNAME/app" .
	printf '\n[create]\ndesired_command = %s -m app.models\n' "$python" >>rung.ini
	sed -i 's/must("content", Text, "")/&, Column("language", Text)/' app/models.py
	run_rung create "document languages"
	assert_status 0
	assert_errors_contain "function (2), trigger (3), policy (10), check constraint (6), grants (6), row-level security (6)"
	assert_equal "$(grep -v '^--' schema/013_document_languages.sql | grep .)" "ALTER TABLE public.documents ADD COLUMN language text;"
	rm app/models.py
	run_db migration "by hand" --empty
	assert_status 0
	[ -f schema/014_by_hand.sql ]
}

@test "reset asks for the database's name and begins anew" {
	need_terminal
	run_db setup
	sql "insert into tenants (name, slug) values ('Gone', 'gone')"
	run_db reset
	assert_status 2
	assert_sql "select count(*) from tenants" 3
	answer wrong reset
	assert_sql "select count(*) from tenants" 3
	answer "$TEST_DATABASE" reset
	assert_status 0
	assert_sql "select count(*) from tenants" 2
	assert_equal "$(current)" "012_index_documents_created_at"
}

@test "every migration goes up, down and up again" {
	run_rung test
	assert_status 0
}

# --- what the migrations hold --------------------------------------------------

# as ROLE TENANT "SQL" - psql as that login, for that tenant.
as() {
	PGOPTIONS="-c app.tenant_id=$2" psql -XAtq -v ON_ERROR_STOP=1 \
		-d "${DATABASE_URL/postgres@/$1@}" -c "$3" 2>&1
}

@test "policies keep tenants apart, for reading and for writing" {
	run_db upgrade
	sql "create role mnfst_alice login in role mnfst_app; create role mnfst_sam login in role mnfst_support;
	     grant usage on schema public to mnfst_app, mnfst_support"
	tenants_with_users 10
	sql "insert into documents (tenant_id, title) select id, 'of ' || slug from tenants"
	local acme bolt
	acme=$(sql "select id from tenants where slug = 'acme'")
	bolt=$(sql "select id from tenants where slug = 'bolt'")

	assert_equal "$(as mnfst_alice "$acme" "select title from documents")" "of acme"
	assert_equal "$(as mnfst_alice "$bolt" "select title from documents")" "of bolt"
	assert_equal "$(as mnfst_alice "" "select count(*) from documents")" 0
	assert_equal "$(as mnfst_alice "$acme" "select slug from tenants")" acme
	assert_equal "$(as mnfst_alice "$acme" "select count(*) from users where email like '%bolt'")" 0
	assert_equal "$(as mnfst_alice "$acme" "with x as (update documents set title = 'mine' returning 1) select count(*) from x")" 1
	assert_sql "select count(*) from documents where title = 'of bolt'" 1
	assert_equal "$(as mnfst_alice "$acme" "with x as (delete from users returning 1) select count(*) from x")" 5
	assert_sql "select count(*) from users" 5
	run as mnfst_alice "$acme" "insert into documents (tenant_id, title) values ('$bolt', 'planted')"
	assert_output_contains "violates row-level security policy"
	run as mnfst_alice "$acme" "update documents set tenant_id = '$bolt'"
	assert_output_contains "violates row-level security policy"
	run as mnfst_alice "$acme" "set row_security = off; select * from documents"
	assert_output_contains "would be affected by row-level security policy"

	assert_equal "$(as mnfst_sam "" "select count(*) from documents")" 2
	run as mnfst_sam "$acme" "delete from documents"
	assert_output_contains "permission denied"
	run as mnfst_sam "" "select * from audit_trail"
	assert_output_contains "permission denied"
}

@test "the audit trail: old and new values, written by nobody but the trigger" {
	run_db upgrade
	sql "create role mnfst_alice login in role mnfst_app; grant usage on schema public to mnfst_app"
	tenants_with_users 2
	local acme
	acme=$(sql "select id from tenants where slug = 'acme'")
	sql "truncate audit_trail"
	as mnfst_alice "$acme" "insert into documents (tenant_id, title) values ('$acme', 'first')"
	as mnfst_alice "$acme" "update documents set title = 'second'"
	as mnfst_alice "$acme" "delete from documents"
	assert_sql "select operation, old_values ->> 'title', new_values ->> 'title', changed_by from audit_trail order by id" \
		$'INSERT||first|mnfst_alice\nUPDATE|first|second|mnfst_alice\nDELETE|second||mnfst_alice'
	assert_equal "$(as mnfst_alice "$acme" "select count(*) from audit_trail")" 3
	run as mnfst_alice "$acme" "delete from audit_trail"
	assert_output_contains "permission denied"
	run as mnfst_alice "$acme" "select write_audit_trail()"
	assert_output_contains "permission denied"
	sql "update users set password_hash = 'y'"
	assert_sql "select count(*) from audit_trail where old_values ? 'password_hash'" 0
	sql "insert into sessions (tenant_id, user_id, expires_at) select tenant_id, id, now() + '1 day' from users"
	assert_sql "select count(*) from audit_trail where table_name = 'sessions'" 2
}

# An application that never stops: a user more, a user changed, a user read, until .stop is there.
application() {
	local i=0
	while [ ! -e "$PROJECT/.stop" ]; do
		i=$((i + 1))
		cat <<-SQL
			insert into users (tenant_id, email, password_hash, role)
			select id, 'app$i@' || slug, 'x', 'editor' from tenants where slug = 'acme';
			update users set last_login_at = now() where email = 'u$((i % 100 + 1))@bolt';
			select count(role) from users where email = 'app$i@acme';
		SQL
	done | PGOPTIONS="-c statement_timeout=2s" psql -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" >"$PROJECT/.application" 2>&1
}

@test "roles to an enum and email_verified, in phases and chunks, while the application continues" {
	run_db upgrade 005_add_audit_trail
	tenants_with_users 12000
	sql "truncate audit_trail"
	application &
	local pid=$!
	wait_for "exists (select from users where email like 'app%')"
	run_db upgrade
	assert_status 0
	local seen
	seen=$(sql "select count(*) from users")
	wait_for "(select count(*) from users) > $seen"
	touch .stop
	wait "$pid" || fail "the application was stopped: $(cat .application)"
	assert_errors_match "007_backfill_role_enum: [0-9]+ rows in [0-9]+ chunks"
	assert_errors_match "010_backfill_email_verified: [0-9]+ rows in [0-9]+ chunks"
	assert_sql "select pg_typeof(role), count(*) from users where email like 'u%' group by 1" "user_role|12000"
	assert_sql "select role, count(*) from users where email like 'u%' group by 1 order by 1" \
		$'viewer|3000\neditor|3000\nadmin|3000\nowner|3000'
	assert_sql "select count(*) from users where email like 'app%' and role <> 'editor'" 0
	assert_sql "select attnotnull from pg_attribute where attrelid = 'users'::regclass
	             and attname in ('role', 'email_verified')" $'t\nt'
	assert_sql "select count(*) from users where email like 'u%@acme' and email_verified" 2000
	# The backfills changed no fact about anybody.
	assert_sql "select count(*) from audit_trail where new_values ->> 'email' like 'u%@acme'" 0
	# And the way back holds what was decided since.
	sql "update users set role = 'owner' where email = 'u4@acme'"
	run_db downgrade 005_add_audit_trail --force
	assert_status 0
	assert_sql "select role, pg_typeof(role) from users where email = 'u4@acme'" "owner|character varying"
	assert_sql "select count(*) from users where role is null" 0
}

@test "an index on a large table, CONCURRENTLY: a failed try leaves nothing, writers do not wait" {
	run_db upgrade 011_require_email_verified
	tenants_with_users 2
	sql "set app.audit = 'off';
	     insert into documents (tenant_id, title) select id, 'd' || g from tenants, generate_series(1, 15000) g"
	# A writer of long ago keeps the build waiting; whoever writes now does not wait for the build.
	psql -XAtq -d "$DATABASE_URL" >/dev/null 3>&- <<-SQL &
		begin;
		insert into documents (tenant_id, title) select id, 'slow' from tenants limit 1;
		\\! while ! test -e $PROJECT/.release; do sleep 0.02; done
		commit;
	SQL
	local writer=$!
	wait_for "exists (select from pg_stat_activity where state = 'idle in transaction' and datname = current_database())"
	start_rung upgrade
	wait_for "exists (select from pg_index where indexrelid = to_regclass('idx_documents_tenant_id_created_at') and not indisvalid)"
	PGOPTIONS="-c statement_timeout=2s" sql "insert into documents (tenant_id, title) select id, 'meanwhile' from tenants"
	# Killed in the middle, it leaves an invalid index; the next run builds it again.
	kill -KILL "$rung_pid"
	finish_rung
	touch .release
	wait "$writer"
	run_db upgrade
	assert_status 0
	assert_sql "select indisvalid from pg_index where indexrelid = 'idx_documents_tenant_id_created_at'::regclass" t
	assert_sql "select count(*) from pg_index where not indisvalid" 0
}

# --- troubleshooting -----------------------------------------------------------

@test "failed mid-way: nothing of it is there, or it continues after what succeeded" {
	run_db upgrade
	migration 013_quotas <<-'SQL'
		create table quotas (tenant_id uuid primary key references tenants);
		insert into quotas select nobody from tenants;
	SQL
	rollback_of 013_quotas <<<"drop table quotas;"
	run_db migrate
	assert_status 1
	assert_errors_contain "schema/013_quotas.sql:2:27"
	assert_equal "$(current)" "012_index_documents_created_at"
	assert_sql "select to_regclass('quotas') is null" t
	sed -i 's/nobody/id/' schema/013_quotas.sql
	run_db migrate
	assert_status 0

	migration 014_plain <<-'SQL'
		-- rung: transaction: none
		create table usage (tenant_id uuid, used bigint);
		create index concurrently idx_usage_used on usage (nobody);
	SQL
	rollback_of 014_plain <<<"drop table usage;"
	run_db migrate
	assert_status 6
	run_db status
	assert_output_contains "014_plain"
	sed -i 's/nobody/used/' schema/014_plain.sql
	run_db migrate
	assert_status 0
	assert_sql "select indisvalid from pg_index where indexrelid = 'idx_usage_used'::regclass" t
}

@test "lock timeouts: who blocks whom, and the SQL that ends it" {
	run_db upgrade 003_add_indexes
	psql -XAtq -d "$DATABASE_URL" >/dev/null 2>&1 3>&- <<-SQL &
		set application_name = 'report';
		begin;
		select count(*) from users;
		\\! while ! test -e $PROJECT/.release; do sleep 0.02; done
	SQL
	local blocker=$!
	wait_for "exists (select from pg_stat_activity where application_name = 'report' and state = 'idle in transaction')"
	migration 004_add_user_preferences <<<"alter table users add column theme text;"
	run_db upgrade 004_add_user_preferences --lock-wait 500ms
	assert_status 4
	assert_errors_match 'pid [0-9]+ \(user postgres, application "report", idle in transaction.*AccessShareLock on "users"'
	assert_errors_match 'SELECT pg_terminate_backend\([0-9]+\)'
	assert_sql "select count(*) from pg_attribute where attrelid = 'users'::regclass and attname = 'theme'" 0
	# Typed as it stands there, it helps.
	assert_equal "$(sql "$(grep -o 'SELECT pg_terminate_backend([0-9]*)' <<<"$errors")")" t
	run_db upgrade 004_add_user_preferences
	assert_status 0
	touch .release
	wait "$blocker" || true
}

@test "work_mem for one file" {
	run_db upgrade
	sql "create table seen (file text, work_mem text)"
	migration 013_heavy <<-'SQL'
		SET work_mem = '64MB';
		insert into seen values ('013', current_setting('work_mem'));
	SQL
	migration 014_light <<<"insert into seen values ('014', current_setting('work_mem'));"
	run_db upgrade
	assert_status 0
	assert_sql "select * from seen order by 1" $'013|64MB\n014|4MB'
}

@test "selective rollback: one out of the middle, by a migration that runs its pair" {
	run_db upgrade
	run_db migration "revert user preferences"
	assert_status 0
	echo '\ir ../rollback/rollback_004_add_user_preferences.sql' >schema/013_revert_user_preferences.sql
	echo '\ir ../schema/004_add_user_preferences.sql' >rollback/rollback_013_revert_user_preferences.sql
	run_db migrate
	assert_status 0
	assert_sql "select to_regclass('user_preferences') is null, to_regclass('audit_trail') is null" "t|f"
	run_db downgrade --force
	assert_status 0
	assert_sql "select to_regclass('user_preferences') is null" f
}

@test "stamp: the schema is there, the record is not" {
	run_db upgrade 004_add_user_preferences
	sql "drop table schema_version, schema_version_log, schema_version_step, schema_version_batch"
	run_db upgrade
	assert_status 1
	assert_errors_contain "already exists"
	run_rung stamp 004_add_user_preferences
	assert_status 0
	assert_equal "$(current)" "004_add_user_preferences"
	run_db migrate
	assert_status 0
	run_rung check
	assert_status 0
}
