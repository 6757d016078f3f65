# The verbs that only look: status, current, history, heads, show, log.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
	migration 02_orders <<<'create table orders (id int primary key);'
	rollback_of 02_orders <<<'drop table orders;'
}

@test "status of an untouched database leaves it untouched" {
	run_rung status
	assert_status 0
	assert_output_contains "none, the database has no history yet"
	assert_output_matches "Pending +2"
	assert_output_matches "01_users +pending +schema/01_users.sql"
	assert_output_contains "Next: rung upgrade"
	assert_sql "select to_regclass('schema_version') is null" t
}

@test "rung alone is status" {
	run_rung
	assert_status 0
	assert_output_contains "Next: rung upgrade"
}

@test "status of a current database says so" {
	run_rung upgrade
	run_rung status
	assert_status 0
	assert_output_matches "Head +02_orders"
	assert_output_matches "Applied +2"
	assert_output_contains "Up to date."
	refute_output_contains "Next:"
}

@test "status names what differs and the next sensible step" {
	run_rung upgrade
	echo 'create table users (id bigint primary key);' >schema/01_users.sql
	run_rung status
	assert_status 0
	assert_output_matches "01_users +edited"
	assert_output_contains "Next: restore schema/01_users.sql"
	assert_output_matches "estore the file as it was.*new migration.*\"rung repair 1\""

	rm schema/02_orders.sql rollback/rollback_02_orders.sql
	run_rung status
	assert_output_matches "02_orders +missing"
	assert_output_contains "Next: restore the file"
	assert_output_matches "is missing. Restore the file from.*rung repair 2 --forget"
}

@test "status says resume where a nontransactional migration stopped" {
	migration 03_plain <<-SQL
		-- rung: transaction: none
		create index concurrently i on users (id);
		create index concurrently j on nowhere (id);
	SQL
	rollback_of 03_plain <<<'drop index i;'
	run_rung upgrade
	assert_status 6
	run_rung status
	assert_status 0
	assert_output_matches "03_plain +partial"
	assert_output_contains "Next: rung resume"
}

@test "a half-done migration is not applied, and status says how far it came and why it stopped" {
	migration 03_plain <<-SQL
		-- rung: transaction: none
		create index concurrently i on users (id);
		create index concurrently j on nowhere (id);
		create index concurrently k on users (id);
	SQL
	rollback_of 03_plain <<<'drop index i;'
	run_rung upgrade
	assert_status 6
	run_rung status
	assert_output_matches "Head +02_orders"
	assert_output_matches "Applied +2"
	assert_output_matches "Half done +03_plain, 1 of 3 statements; continue with: rung resume"
	assert_output_matches 'Last failure +20[0-9: -]+.*, 03_plain: relation "nowhere" does not exist \(42P01\)'
	run_rung status --json
	assert_output_matches '"head":"02_orders".*"applied":2,.*"partial":1,"half_done":"03_plain",'
	run_rung current
	assert_output 02_orders
	assert_errors_contain "03_plain is half done: 1 of 3 statements"
	run_rung show 3
	assert_output_matches "Done +1 of 3 statements"

	sql "create table nowhere (id int)"
	run_rung resume
	assert_status 0
	run_rung status
	refute_output_contains "Half done"
	refute_output_contains "Last failure"
	run_rung current
	assert_output 03_plain
}

@test "the last failure is news until it is made good" {
	migration 03_bad <<<'select 1/0;'
	rollback_of 03_bad <<<'select 1;'
	run_rung upgrade
	assert_status 1
	run_rung status
	assert_output_matches 'Last failure .*03_bad: division by zero \(22012\)'
	rm schema/03_bad.sql rollback/rollback_03_bad.sql
	migration 04_good <<<'select 1;'
	rollback_of 04_good <<<'select 1;'
	run_rung upgrade
	assert_status 0
	run_rung status
	refute_output_contains "Last failure"
}

@test "upgrade, check and status give the same advice" {
	run_rung upgrade
	rm schema/01_users.sql rollback/rollback_01_users.sql
	for verb in upgrade status check; do
		run_rung $verb
		assert_equal "$(tr -s ' \n' ' ' <<<"$output$errors" |
			grep -o 'Restore the file from version control, or go down below it .*--forget"')" \
			'Restore the file from version control, or go down below it with "rung downgrade base" (its rollback is kept in the database). Only if it is lost for good, remove its record with "rung repair 1 --forget"'
	done
}

@test "status points at bad files before anything else" {
	cp schema/02_orders.sql schema/02_twin.sql
	run_rung status
	assert_status 0
	assert_output_contains "Next: rung check --offline"
}

@test "an empty project begins with create" {
	rm schema/* rollback/*
	run_rung status
	assert_status 0
	assert_output_contains "Next: rung create"
}

@test "looking waits for nobody's lock" {
	run_rung upgrade
	psql -XAtq -d "$DATABASE_URL" -c 'begin; lock table users in access exclusive mode; select pg_sleep(60)' 3>&- 4>&- &
	helper_started "holder_$$" $!
	wait_for "exists (select from pg_locks where relation = 'users'::regclass and mode = 'AccessExclusiveLock' and granted)"
	run_rung status
	assert_status 0
	run_rung history
	assert_status 0
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()"
}

@test "a look is four round trips: to connect, for the history, the newest failure and drift" {
	run_rung upgrade
	assert_status 0
	proxy_start
	run_rung status
	assert_status 0
	proxy_stats >/dev/null
	assert_equal "$(proxy_stat round_trips)" 4
	stop_helper "$PROXY"
}

@test "a locked history is an answer, not a wait" {
	run_rung upgrade
	psql -XAtq -d "$DATABASE_URL" -c 'begin; lock table schema_version in access exclusive mode; select pg_sleep(60)' 3>&- 4>&- &
	helper_started "holder_$$" $!
	wait_for "exists (select from pg_locks where relation = 'schema_version'::regclass and mode = 'AccessExclusiveLock' and granted)"
	run_rung status
	assert_status 4
	assert_errors_contain "another session holds a lock"
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()"
}

@test "looking needs no right to write" {
	run_rung upgrade
	sql "create role onlooker_$$ login; grant select on all tables in schema public to onlooker_$$"
	DATABASE_URL=${DATABASE_URL/postgres@/onlooker_$$@}
	for verb in status current history "show 1" log; do
		# shellcheck disable=SC2086 # a verb with its operand
		run_rung $verb
		assert_status 0
	done
	DATABASE_URL=${DATABASE_URL/onlooker_$$@/postgres@}
	sql "drop owned by onlooker_$$; drop role onlooker_$$"
}

@test "an adopted table is looked at and left as it is" {
	sql "create table schema_version (version int primary key, description text, applied_at timestamptz default now())"
	sql "insert into schema_version values (1, 'users')"
	run_rung status
	assert_status 0
	assert_output_matches "Head +01_users"
	assert_output_matches "Pending +1"
	assert_sql "select count(*) from pg_attribute where attrelid = 'schema_version'::regclass and attnum > 0" 3
}

@test "a table of another tool is named" {
	sql "create table schema_version (installed_rank int, version text)"
	run_rung status
	assert_status 2
	assert_errors_contain "Flyway"
}

@test "the password is not shown" {
	run_rung status --database-url "${DATABASE_URL/postgres@/postgres:s3cret@}"
	assert_status 0
	refute_output_contains s3cret
	refute_errors_contain s3cret
}

@test "status as JSON is one object a line" {
	run_rung upgrade +1
	run_rung status --json
	assert_status 0
	assert_output_matches '"type":"status".*"head":"01_users".*"applied":1,"pending":1.*"next":"rung upgrade"'
	assert_output_matches '"type":"migration","version":2,"name":"02_orders","state":"pending"'
}

@test "current prints the name and nothing else" {
	run_rung current
	assert_status 0
	assert_output ""
	assert_errors_contain "nothing is applied"
	run_rung upgrade +1
	run_rung current
	assert_output 01_users
	run_rung current --verbose
	assert_output_matches "01_users +applied"
	refute_output_contains Head
	run_rung upgrade
	run_rung current --verbose
	assert_output_matches "Head.*02_orders +applied +yes"
}

@test "history lists applied and pending in order" {
	run_rung upgrade +1
	run_rung history
	assert_status 0
	assert_output_matches "01_users +applied +20[0-9-]+ .*02_orders +pending"
	refute_output_contains "Checksum"
	run_rung history --verbose
	assert_output_contains "Checksum"
	assert_output_contains "schema/02_orders.sql"
}

@test "heads needs no server" {
	unset DATABASE_URL
	run_rung heads
	assert_status 0
	assert_output 02_orders
}

@test "show tells what is known of one migration" {
	run_rung upgrade
	run_rung show 1
	assert_status 0
	assert_output_matches "File +schema/01_users.sql"
	assert_output_matches "Rollback +rollback/rollback_01_users.sql"
	assert_output_matches "Runs +1 statement, in one transaction"
	assert_output_matches "State +applied"
	run_rung show 02_orders
	assert_status 0
	run_rung show 7
	assert_status 2
	assert_errors_contain 'there is no migration "7"'
	run_rung show
	assert_status 2
}

@test "show works without a server, and for what only the database knows" {
	run_rung upgrade
	rm schema/02_orders.sql rollback/rollback_02_orders.sql
	run_rung show 02_orders
	assert_status 0
	assert_output_matches "State +missing"
	assert_output_contains "kept in the database"
	DATABASE_URL="postgresql://localhost:1/none" run_rung show 1
	assert_status 0
	assert_output_matches "File +schema/01_users.sql"
	assert_errors_contain "the database was not read"
}

@test "the log tells everything, and proves itself" {
	run_rung log
	assert_status 0
	assert_errors_contain "the log is empty"
	run_rung upgrade
	run_rung downgrade --force
	run_rung log
	assert_status 0
	assert_output_matches "apply +done +01_users.*apply +done +02_orders.*rollback +done +02_orders"
	run_rung log --limit 1
	refute_output_contains 01_users
	run_rung log --limit many
	assert_status 2
	run_rung log --verify
	assert_status 0
	assert_output_contains "intact"
}

@test "a log that was tampered with is found out" {
	run_rung upgrade
	sql "update schema_version_log set db_user = 'nobody' where id = 1"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 1 of the log was changed"

	sql "delete from schema_version_log where id = 1"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 2 of the log does not follow the row before it"
}

@test "the connection begun while files are read is the one that is used, and a script begins none" {
	run_rung upgrade
	assert_status 0
	proxy_start
	run_rung upgrade
	assert_status 0
	run_rung status
	assert_status 0
	run_rung upgrade --sql base:head
	assert_status 0
	migration 99_bad <<<"-- rung: no-such-directive: x"
	run_rung upgrade
	assert_status 2
	assert_errors_contain "no-such-directive"
	proxy_stats >/dev/null
	assert_equal "$(proxy_stat connections)" 3
}

@test "a database that does not exist: setup makes it" {
	DATABASE_URL=${DATABASE_URL/$TEST_DATABASE/nowhere_$$}
	run_rung status
	assert_status 4
	assert_errors_contain "database \"nowhere_$$\" does not exist"
	assert_errors_contain '"rung setup" creates the database'
}

@test "a database that takes no connections: how to open it" {
	local beside
	beside=$(url_of_database "$DATABASE_URL" postgres)
	psql -XAtq -d "$beside" -c "alter database \"$TEST_DATABASE\" with allow_connections false"
	run_rung status
	assert_status 4
	assert_errors_contain "ALTER DATABASE \"$TEST_DATABASE\" WITH ALLOW_CONNECTIONS true"
	psql -XAtq -d "$beside" -c "alter database \"$TEST_DATABASE\" with allow_connections true"
	run_rung status
	assert_status 0
}

@test "no database named, no server there" {
	unset DATABASE_URL
	run_rung status
	assert_status 2
	assert_errors_contain "no database is named"
	run_rung status --database-url "postgresql://localhost:1/none"
	assert_status 4
}
