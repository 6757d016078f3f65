# restore: names, swapping, and everything that must come back.

load ../lib/rung
load ../lib/backup

setup() {
	rung_setup
	backup_setup
	fresh_database
	migration 01_users <<<'create table users (id int primary key, name text);'
	rollback_of 01_users <<<'drop table users;'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
}

teardown() {
	touch "$PROJECT/stop"
	drop_restored
	backup_teardown
	rung_teardown
}

# What swaps of this test's backups left under names that do not begin with the test's.
drop_restored() {
	local manifest
	for manifest in "$STORE"/*/*.json; do
		[ -e "$manifest" ] || continue
		sql "select format('drop database %I', datname) from pg_database where datname like 'restored\\_$(basename "$manifest" .json)%'" |
			while read -r statement; do sql "$statement"; done
	done
}

in_database() { psql -XAtq -v ON_ERROR_STOP=1 -d "$(url_of_database "$DATABASE_URL" "$1")" -c "$2"; }
kept_as() { jq -r 'select(.type == "restore").kept' <<<"$output"; }
databases() { sql "select datname, datallowconn from pg_database order by 1"; }

@test "a swap keeps the old database, and so does a second one of the same backup" {
	sql "insert into users values (1, 'in the backup')"
	run_rung backup
	sql "insert into users values (2, 'after it')"
	run_rung restore latest --swap --json
	assert_status 0
	first=$(kept_as)
	assert_sql "select count(*) from users" 1
	assert_equal "$(in_database "$first" 'select count(*) from users')" 2
	sql "insert into users values (3, 'later still'), (4, 'and')"
	run_rung restore latest --swap --json
	assert_status 0
	second=$(kept_as)
	assert_equal "$second" "${first}_2"
	assert_sql "select count(*) from users" 1
	assert_equal "$(in_database "$first" 'select count(*) from users')" 2
	assert_equal "$(in_database "$second" 'select count(*) from users')" 3
	assert_sql "select bool_and(datallowconn) from pg_database where datname in ('$first', '$second', current_database())" t
}

@test "names are looked at before anything is fetched" {
	run_rung backup
	rm "$(object_of "$(newest_backup)")"
	long=$(printf 'x%.0s' {1..64})
	sql "create database \"$FRESH\""
	assert_refused 2 restore latest --into "$FRESH"
	assert_errors_contain "a database of that name exists"
	assert_refused 2 restore latest --into "$long"
	assert_errors_contain "63 bytes"
	assert_refused 2 restore latest --into "$TEST_DATABASE" --swap
	sql "create role plain_${TEST_DATABASE} login"
	url=$(sed "s|//[^/@]*@|//plain_${TEST_DATABASE}@|" <<<"$DATABASE_URL")
	run_rung restore latest --swap --database-url "$url"
	sql "drop role plain_${TEST_DATABASE}"
	assert_status 2
	assert_errors_contain "may not create databases"
}

@test "where the old database is gone there is nothing to swap with" {
	sql "create database \"$FRESH\""
	run_rung backup --database-url "$FRESH_URL"
	sql "drop database \"$FRESH\""
	run_rung restore latest --swap --database-url "$FRESH_URL"
	assert_status 2
	assert_errors_contain "there is no database"
	run_rung restore latest --into "$FRESH" --database-url "$FRESH_URL"
	assert_status 0
}

@test "clients that come back at once do not get in the way of a swap" {
	sql "insert into users values (1, 'in the backup')"
	run_rung backup
	sql "insert into users values (2, 'after it')"
	for i in 1 2 3; do
		(until [ -e "$PROJECT/stop" ]; do psql -XAtq -d "$DATABASE_URL" -c "select pg_sleep(0.2), '$i'"; done >/dev/null 2>&1) 3>&- 4>&- &
	done
	wait_for "(select count(*) >= 2 from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid())"
	run_rung restore latest --swap
	assert_status 0
	touch "$PROJECT/stop"
	assert_sql "select count(*) from users" 1
}

@test "a swap that fails changes nothing and says how to finish it" {
	server_start_own prepared max_prepared_transactions=4
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
	sql "insert into users values (1, 'in the backup')"
	run_rung backup
	id=$(newest_backup)
	sql "begin; insert into users values (2, 'prepared'); prepare transaction 'in the way'"
	run_rung restore latest --swap
	assert_status 1
	assert_errors_contain "both are as before"
	assert_errors_contain "kept as \"restored_$id\""
	assert_sql "select count(*) from users" 1
	assert_sql "select count(*) from pg_database where datname like '%before%' or not datallowconn and datname <> 'template0'" 0
	assert_equal "$(in_database "restored_$id" 'select count(*) from users')" 1
	sql "commit prepared 'in the way'"
	# As the error said.
	by_hand=$(grep -o 'ALTER DATABASE .*;' <<<"$errors")
	in_database postgres "$(sed 's/; /;\n/' <<<"$by_hand" | head -1)"
	in_database postgres "$(sed 's/; /;\n/' <<<"$by_hand" | tail -1)"
	assert_sql "select count(*) from users" 1
}
