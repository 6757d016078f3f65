# Many at once: everything is applied exactly once and everybody ends well.

load ../lib/rung

# The key of the migration lock, as deploy_lock.c makes it.
deployers_key() { echo $((16#$(printf 'rung:public.schema_version' | sha256sum | cut -c1-16))); }

# Holds the lock until release_lock; $holder is its backend.
hold_lock() {
	psql -XAtq -d "${DIRECT_URL:-$DATABASE_URL}" -c "select pg_advisory_lock($(deployers_key)), pg_sleep(120)" >/dev/null 2>&1 3>&- 4>&- &
	wait_for "exists (select from pg_locks where locktype = 'advisory' and granted and database =
		(select oid from pg_database where datname = current_database()))"
	holder=$(sql "select pid from pg_locks where locktype = 'advisory' and granted and database =
		(select oid from pg_database where datname = current_database())")
}
# The same after the session that has it now: nobody gets it in between.
hold_lock_next() {
	psql -XAtq -d "${DIRECT_URL:-$DATABASE_URL}" -c "select pg_advisory_lock($(deployers_key)), pg_sleep(120)" >/dev/null 2>&1 3>&- 4>&- &
}
release_lock() { sql "select pg_terminate_backend($holder)" >/dev/null; }

many() {
	local i
	for i in $(seq 20); do migration "${i}_t" <<<"create table t$i (id int);"; done
	printf 'create table data (id int);\ncopy data from stdin;\n1\n2\n\\.\n' >schema/21_data.sql
	migration 22_last <<<"insert into t1 values (1);"
}

# start_many N ARGS… - then finish_many: every one of them exits 0.
start_many() {
	local i count=$1
	shift
	deployers=()
	for i in $(seq "$count"); do
		start_rung "$@"
		deployers+=("$rung_pid")
	done
}
finish_many() {
	local pid
	for pid in "${deployers[@]}"; do
		finish_rung "$pid"
		assert_status 0
		refute_errors_contain "no longer ours"
	done
}

# assert_once COUNT - so many versions, each applied exactly once, and a log without a flaw.
assert_once() {
	assert_sql "select count(*), count(distinct version) from schema_version where state = 'applied'" "$1|$1"
	assert_sql "select count(*), count(distinct version) from schema_version_log where outcome = 'done' and action <> 'adopt'" "$1|$1"
	assert_sql "$(sed 's/:"history_log"/public.schema_version_log/; s/\$1/null/' "$ROOT/src/history/log_verify.sql")" ""
}

@test "eight at once on an empty database" {
	many
	start_many 8 upgrade
	finish_many
	assert_once 22
	assert_sql "select count(*) from data, t1" 2
}

@test "eight at once through a pooler of transactions" {
	pgbouncer_start transaction
	many
	start_many 8 upgrade
	finish_many
	assert_once 22
	assert_sql "select count(*) from data, t1" 2
	assert_sql "select count(*) from pg_locks where locktype = 'advisory'" 0
}

@test "eight at once through one pooled connection for all" {
	PGBOUNCER_POOL_SIZE=1 pgbouncer_start transaction
	many
	start_many 8 upgrade
	finish_many
	assert_once 22
}

@test "eight adopt a hand-made table at once" {
	many
	sql "create table schema_version (version integer primary key, description text, applied_at timestamptz default now());
		insert into schema_version values (1, 't'); create table t1 (id int)"
	start_many 8 upgrade
	finish_many
	assert_sql "select count(*) from schema_version where checksum is not null" 22
	assert_sql "select count(*) from schema_version_log where action = 'adopt' and version is null" 1
}

@test "adoption through a pooler of transactions" {
	pgbouncer_start transaction
	many
	sql "create table schema_version (version integer primary key, description text, applied_at timestamptz default now());
		insert into schema_version values (1, 't'); create table t1 (id int)"
	start_many 3 upgrade
	finish_many
	assert_sql "select count(*) from schema_version where checksum is not null" 22
}

@test "two deployers with CREATE INDEX CONCURRENTLY, held up by a transaction" {
	migration 01_a <<<"create table a (id int); insert into a select generate_series(1, 1000);"
	migration 02_index <<<"create index concurrently a_id on a (id); create index concurrently a_id2 on a (id);"
	migration 03_b <<<"create table b (id int);"
	run_rung upgrade 1
	psql -XAtq -d "$DATABASE_URL" -c "begin; delete from a where id = 1; select pg_sleep(120)" >/dev/null 2>&1 3>&- 4>&- &
	wait_for "exists (select from pg_stat_activity where query ~ 'delete' and state = 'active' and pid <> pg_backend_pid())"
	start_many 3 upgrade
	wait_for "exists (select from pg_stat_progress_create_index)"
	wait_for "(select count(*) from pg_stat_activity where query ~ 'pg_try_advisory_lock' and state = 'idle' and datname = current_database()) >= 2"
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'delete' and pid <> pg_backend_pid()" >/dev/null
	finish_many
	assert_sql "select count(*) from schema_version_log where outcome = 'done'" 3
	assert_sql "select count(*) from pg_index where indrelid = 'a'::regclass and indisvalid" 2
}

@test "+1 means one, however many ask for it at once" {
	many
	hold_lock
	start_many 4 upgrade +1
	wait_for "(select count(*) from pg_stat_activity where query ~ 'pg_try_advisory_lock' and datname = current_database()) >= 4"
	release_lock
	finish_many
	assert_sql "select string_agg(version::text, ' ') from schema_version" 1
}

@test "-1 means one, however many ask for it at once" {
	many
	rollback_of 22_last <<<"delete from t1;"
	rollback_of 21_data <<<"drop table data;"
	run_rung upgrade
	hold_lock
	start_many 4 downgrade --force
	wait_for "(select count(*) from pg_stat_activity where query ~ 'pg_try_advisory_lock' and datname = current_database()) >= 4"
	release_lock
	finish_many
	assert_sql "select max(version) from schema_version" 21
}

@test "whose target others have passed meanwhile has nothing to do" {
	many
	hold_lock
	start_many 2 upgrade +1
	wait_for "(select count(*) from pg_stat_activity where query ~ 'pg_try_advisory_lock' and datname = current_database()) >= 2"
	sql "create table schema_version (version bigint primary key, description text, applied_at timestamptz default now(), name text,
		checksum text, state text not null default 'applied', statements_done int not null default 0, duration_ms bigint, applied_by text,
		applied_from text, tool_version text, backup text, rollback_sql text, rollback_checksum text, fingerprint text);
		insert into schema_version (version, description, name, checksum) values
		(1, 't', '1_t', '$(sha256sum <schema/1_t.sql | cut -d' ' -f1)'), (2, 't', '2_t', '$(sha256sum <schema/2_t.sql | cut -d' ' -f1)')"
	release_lock
	finish_many
	assert_sql "select count(*) from schema_version" 2
}

@test "while waiting it says who holds the lock, and gives up in time" {
	many
	hold_lock
	start_rung upgrade --lock-wait 3s
	wait_until 10 grep -q "waiting for another deployer: pid $holder (user postgres" "$PROJECT/.errors.$rung_pid"
	finish_rung
	assert_status 4
	assert_errors_contain "could not acquire the migration lock in time"
	assert_errors_contain "It is held by pid $holder"
	assert_errors_contain "Nothing was changed."
	assert_sql "select count(*) from pg_tables where schemaname = 'public'" 0
	release_lock
}

@test "with nothing to do nobody waits for the lock" {
	many
	run_rung upgrade
	hold_lock
	run_rung upgrade --lock-wait 100ms
	assert_status 0
	assert_output_contains "nothing to do"
	release_lock
}

@test "code that releases the migration lock is refused, and its file rolled back" {
	migration 01_a <<<"do \$\$ begin perform pg_advisory_unlock_all(); end \$\$; create table a (id int);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "\"01_a\" released the migration lock"
	assert_errors_contain "pg_advisory_unlock_all()"
	refute_errors_contain "could not be cleared"
	assert_sql "select to_regclass('a') is null, count(*) from schema_version" "t|0"
}

# Between the statement and the end of the file another deployer would begin with the same file.
@test "code that releases the migration lock ends a nontransactional file at that statement" {
	migration 01_a <<-'SQL'
		-- rung: transaction: none
		create table a (id int);
		vacuum a;
		do $$ begin perform pg_advisory_unlock_all(); insert into a values (1); end $$;
		insert into a values (2);
	SQL
	run_rung upgrade
	assert_status 6
	assert_errors_contain "\"01_a\" released the migration lock"
	assert_errors_contain "schema/01_a.sql:4:1"
	assert_sql "select count(*) from a" 0
}

@test "two projects in one database do not wait for each other" {
	many
	hold_lock
	run_rung upgrade --history-table other_version --lock-wait 100ms
	assert_status 0
	release_lock
}

@test "pooled sessions are sessions" {
	pgbouncer_start session
	many
	migration 23_index <<<"create index concurrently t1_id on t1 (id);"
	run_rung upgrade
	assert_status 0
	assert_once 23
}

@test "behind a transaction pooler a nontransactional file needs a way past it, known before anything runs" {
	pgbouncer_start transaction
	many
	migration 23_index <<<"create index concurrently t1_id on t1 (id);"
	rollback_of 23_index <<<"drop index concurrently t1_id;"
	for verb in "upgrade --dry-run" "upgrade --sql" upgrade; do
		# shellcheck disable=SC2086 # a verb and its option
		assert_refused 2 $verb
		assert_output ""
		assert_errors_contain '"23_index" cannot run behind a transaction pooler'
		assert_errors_contain "--direct-url"
	done
	run_rung upgrade 22
	assert_status 0
	assert_once 22
	run_rung upgrade --dry-run --direct-url "$DIRECT_URL"
	assert_status 0
	run_rung upgrade --direct-url "$DIRECT_URL"
	assert_status 0
	assert_once 23
	assert_sql "select indisvalid from pg_index where indexrelid = 't1_id'::regclass" t
	for verb in "downgrade --dry-run" "downgrade --sql" "downgrade --force"; do
		# shellcheck disable=SC2086
		assert_refused 2 $verb
		assert_errors_contain '"23_index" cannot run behind a transaction pooler'
	done
}

@test "behind a transaction pooler there is no single transaction, known before anything runs" {
	pgbouncer_start transaction
	many
	for verb in "upgrade --dry-run" "upgrade --sql" upgrade; do
		# shellcheck disable=SC2086 # a verb and its option
		assert_refused 2 $verb --single-transaction
		assert_output ""
		assert_errors_contain "--single-transaction does not work behind a transaction pooler"
	done
}

# All of them have said that they wait.
all_wait() {
	local pid
	for pid in "${deployers[@]}"; do
		grep -q "waiting for another deployer" "$PROJECT/.errors.$pid" || return 1
	done
}

@test "behind a transaction pooler who waited says how things are after that" {
	pgbouncer_start transaction
	many
	local pid idle=0
	hold_lock
	start_many 4 upgrade +1
	wait_until 30 all_wait
	release_lock
	for pid in "${deployers[@]}"; do
		finish_rung "$pid"
		assert_status 0
		if contains "$output" "1 migration done"; then continue; fi
		assert_output_contains "nothing to do, the database is at 1_t"
		idle=$((idle + 1))
	done
	assert_equal "$idle" 3
	assert_sql "select max(version) from schema_version" 1

	rollback_of 1_t <<<"drop table t1;"
	hold_lock
	start_many 3 downgrade --force
	wait_until 30 all_wait
	release_lock
	idle=0
	for pid in "${deployers[@]}"; do
		finish_rung "$pid"
		assert_status 0
		if contains "$output" "1 migration done"; then continue; fi
		assert_output_contains "nothing to do, the database is empty"
		idle=$((idle + 1))
	done
	assert_equal "$idle" 2
}

@test "behind a transaction pooler a failure counts what others have done" {
	pgbouncer_start transaction
	migration 01_a <<<"create table a (id int);"
	run_rung upgrade
	migration 02_b <<<"create table b (id int);"
	migration 03_c <<<"select nonsense;"
	hold_lock
	start_rung upgrade
	wait_until 30 grep -q "waiting for another deployer" "$PROJECT/.errors.$rung_pid"
	sql "insert into schema_version (version, description, name, checksum) values
		(2, 'b', '02_b', '$(sha256sum <schema/02_b.sql | cut -d' ' -f1)')"
	release_lock
	finish_rung
	assert_status 1
	assert_errors_contain '1 of 2 steps are done and recorded, the last of them "02_b"; the current one was rolled back.'
}

@test "behind a transaction pooler a lock that is not obtained for the second step tells of the first" {
	pgbouncer_start transaction
	migration 01_a <<-'SQL'
		create table a (id int);
		do $$ begin
			for i in 1..1200 loop
				exit when exists (select from pg_locks where locktype = 'advisory' and not granted);
				perform pg_sleep(0.05);
			end loop;
		end $$;
	SQL
	migration 02_b <<<"create table b (id int);"
	sql "select 1" >/dev/null
	start_rung upgrade --lock-wait 1s
	wait_for "exists (select from pg_locks where locktype = 'advisory' and granted and database =
		(select oid from pg_database where datname = current_database()))"
	hold_lock_next
	finish_rung
	assert_status 4
	assert_errors_contain "could not acquire the migration lock in time"
	assert_errors_contain '1 of 2 steps are done and recorded, the last of them "01_a"'
	refute_errors_contain "Nothing was changed"
	assert_sql "select string_agg(name, ' ') from schema_version" 01_a
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'pg_sleep[(]120' and pid <> pg_backend_pid()" >/dev/null
}

@test "behind a transaction pooler a failure is exactly described" {
	pgbouncer_start transaction
	many
	migration 10_t <<<$'create table t10 (id int);\n/* ä */ select nope;'
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/10_t.sql:2:16"
	assert_errors_contain 'the last of them "9_t"'
	assert_once 9
	assert_sql "select action, outcome, version, sqlstate from schema_version_log order by id desc limit 1" "apply|failed|10|42703"
	run_rung downgrade --force
	assert_status 2
}

@test "settings of a file leak to nobody through the pooler" {
	PGBOUNCER_POOL_SIZE=1 pgbouncer_start transaction
	migration 01_a <<<"set work_mem = '7MB'; set search_path = pg_catalog; create table public.a (id int);"
	run_rung upgrade
	assert_status 0
	assert_equal "$(sql "select current_setting('work_mem'), current_setting('search_path'), current_setting('lock_timeout')")" '4MB|"$user", public|0'
}

@test "behind a transaction pooler -N below a merge is as many as it says" {
	pgbouncer_start transaction
	migration 01_a <<<"create table a (id int);"
	migration 02_b <<<$'-- rung: branch: x\ncreate table b (id int);'
	migration 03_c <<<"create table c (id int);"
	migration 04_d <<<$'-- rung: requires: 02\ncreate table d (id int);'
	rollback_of 01_a <<<"drop table a;"
	rollback_of 02_b <<<"drop table b;"
	rollback_of 03_c <<<"drop table c;"
	rollback_of 04_d <<<"drop table d;"
	run_rung upgrade
	assert_status 0
	run_rung downgrade -2 --force
	assert_status 0
	assert_sql "select string_agg(version::text, ' ' order by version) from schema_version" "1 2"
}
