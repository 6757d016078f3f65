# setup, seed and reset: whole databases.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<'create table users (id int primary key, name text);'
	rollback_of 01_users <<<'drop table users;'
	mkdir schema/seed
	echo "insert into users values (1, 'ann') on conflict do nothing;" >schema/seed/01_users.sql
}

# A database that does not exist yet, gone after the test.
use_missing_database() {
	TEST_DATABASE=new_${BATS_SUITE_TEST_NUMBER}_$$_$RANDOM
	DATABASE_URL=$(server_url main "$TEST_DATABASE")
	test_databases+=("$DATABASE_URL")
}

@test "setup makes the database, applies everything and loads the seeds" {
	use_missing_database
	run_rung setup
	assert_status 0
	assert_errors_contain "the database was created"
	assert_sql "select version from schema_version" 1
	assert_sql "select name from users" ann
	run_rung setup
	assert_status 0
	refute_errors_contain "created"
	assert_sql "select count(*) from users" 1
}

@test "setup without seeds" {
	run_rung setup --no-seed
	assert_status 0
	assert_sql "select count(*) from users" 0
}

@test "several setups at once all succeed" {
	use_missing_database
	pids=()
	for _ in 1 2 3; do
		start_rung setup
		pids+=("$rung_pid")
	done
	for pid in "${pids[@]}"; do
		finish_rung "$pid"
		assert_status 0
	done
	assert_sql "select count(*) from schema_version_log where action = 'apply'" 1
}

@test "the database belongs to the role" {
	use_missing_database
	psql -XAtq -d "$(server_url main postgres)" -c "create role owner_$$"
	run_rung setup --role "owner_$$"
	assert_status 0
	assert_sql "select pg_get_userbyid(datdba) from pg_database where datname = current_database()" "owner_$$"
	assert_sql "select tableowner from pg_tables where tablename = 'users'" "owner_$$"
	database_drop "$DATABASE_URL"
	psql -XAtq -d "$(server_url main postgres)" -c "drop role owner_$$"
}

@test "setup on a server that is not there" {
	run_rung setup --database-url "postgresql://localhost:1/none"
	assert_status 4
}

@test "setup looks at the files before it makes a database" {
	use_missing_database
	cp schema/01_users.sql schema/01_twin.sql
	run_rung setup
	assert_status 2
	run sql "select 1"
	[ "$status" -ne 0 ]
}

@test "seeds load in order, each in one transaction" {
	run_rung upgrade
	echo "insert into users values (2, 'bob') on conflict do nothing;" >schema/seed/02_more.sql
	printf "insert into users values (3, 'cy');\ninsert into users values (3, 'twice');\n" >schema/seed/03_bad.sql
	run_rung seed
	assert_status 1
	assert_errors_contain "schema/seed/03_bad.sql:2:1"
	assert_errors_contain "23505"
	assert_errors_contain "Nothing of this file is loaded."
	assert_sql "select string_agg(name, ',' order by id) from users" ann,bob
}

@test "seeds with COPY data, \\copy and variables" {
	run_rung upgrade
	printf 'copy users from stdin;\n5\teve\n6\tfay\n\\.\n\\set who gil\ninsert into users values (7, :'"'who'"');\n' \
		>schema/seed/02_copy.sql
	printf '8\thal\n' >people.tsv
	printf "\\\\copy users from 'people.tsv'\n" >schema/seed/03_file.sql
	run_rung seed
	assert_status 0
	assert_output_contains "3 seed files loaded"
	assert_sql "select string_agg(name, ',' order by id) from users" ann,eve,fay,gil,hal
}

@test "a seed with a transaction of its own is one, too" {
	run_rung upgrade
	printf 'begin;\ninsert into users values (4, null) on conflict do nothing;\ncommit;\n' >schema/seed/02_bracket.sql
	run_rung seed
	assert_status 0
	printf 'insert into users values (5, null);\ncommit;\nselect 1;\n' >schema/seed/03_commit.sql
	run_rung seed
	assert_status 2
	assert_sql "select count(*) from users where id = 5" 0
}

@test "no seeds" {
	rm -r schema/seed
	run_rung seed
	assert_status 0
	assert_output_contains "no seeds"
}

@test "reset drops everything, no matter who is connected, and sets up anew" {
	run_rung setup
	sql "create table leftover (id int); insert into users values (9, 'zoe')"
	psql -XAtq -d "$DATABASE_URL" -c 'select pg_sleep(60)' >/dev/null 2>&1 3>&- 4>&- &
	helper_started "sleeper_$$" $!
	wait_for "exists (select from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid())"
	run_rung reset
	assert_status 2
	assert_errors_contain "--force"
	assert_sql "select count(*) from users" 2
	run_rung reset --force
	assert_status 0
	assert_sql "select to_regclass('leftover') is null" t
	assert_sql "select string_agg(name, ',') from users" ann
}

@test "reset asks for the database's name on a terminal" {
	need_terminal
	if ! command -v script >/dev/null; then skip "script(1) is not installed"; fi
	run_rung setup
	sql "create table leftover (id int)"
	run bash -c "printf 'wrong\n' | script -qec '$RUNG reset' /dev/null"
	assert_status 130
	assert_sql "select to_regclass('leftover') is null" f
	run bash -c "printf '%s\n' '$TEST_DATABASE' | script -qec '$RUNG reset' /dev/null"
	assert_status 0
	assert_sql "select to_regclass('leftover') is null" t
}

@test "reset keeps the database when the files are bad" {
	run_rung setup
	cp schema/01_users.sql schema/01_twin.sql
	run_rung reset --force
	assert_status 2
	assert_sql "select count(*) from users" 1
}

@test "reset on an older server" {
	server_start_other 12
	run_rung setup
	assert_status 0
	psql -XAtq -d "$DATABASE_URL" -c 'select pg_sleep(60)' >/dev/null 2>&1 3>&- 4>&- &
	helper_started "sleeper_$$" $!
	wait_for "exists (select from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid())"
	run_rung reset --force
	assert_status 0
	assert_sql "select name from users" ann
}
