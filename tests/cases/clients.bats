# Client programs of one major with servers of another: what is newer must work with what is older.

load ../lib/rung
load ../lib/backup
load ../lib/clients

setup() {
	rung_setup
	backup_setup
	fresh_database
}

teardown() {
	backup_teardown
	rung_teardown
}

# use_server MAJOR - a server of that major, and where its programs are in $SERVER_BIN.
use_server() {
	SERVER_BIN=$(server_bindir)
	if [ "$(server_major)" = "$1" ]; then
		server_start_own "v$1-$RANDOM"
	else
		SERVER_BIN=$(server_other_bindir "$1") || skip "$SERVER_BIN"
		server_start_other "$1"
	fi
	fresh_database
}

# use_client MAJOR - beside the server's programs, for every run.
use_client() {
	RUNG_PG_BINDIR=$(programs_of "$1" "$SERVER_BIN") || skip "$RUNG_PG_BINDIR"
	export RUNG_PG_BINDIR
}

some_migrations() {
	migration 01_users <<-'SQL'
		create table users (id serial primary key, said text not null);
		insert into users (said) values ('SET transaction_timeout = 0;'), ('two');
		create function late() returns text language sql as $$
		select 'x' as y
		-- SET transaction_timeout = 0;
		$$;
		create view loud as select upper(said) as said from users;
	SQL
	rollback_of 01_users <<<'drop view loud; drop function late; drop table users;'
}

restores() {
	run_rung restore latest --into "$FRESH" --json "$@"
	assert_status 0
	assert_equal "$(jq -r 'select(.type == "restore").catalog' <<<"$output")" equal
	assert_equal "$(psql -XAtq -d "$(url_of_database "$DATABASE_URL" "$FRESH")" -c 'select * from loud order by 1')" \
		$'SET TRANSACTION_TIMEOUT = 0;\nTWO'
	sql "drop database \"$FRESH\""
}

# works CLIENT SERVER - everything that runs a client program.
works() {
	use_server "$2"
	use_client "$1"
	some_migrations
	run_rung upgrade
	assert_status 0
	sql "select lo_from_bytea(0, 'large')" >large
	run_rung backup --globals
	assert_status 0
	assert_equal "$(jq -r .versions.pg_dump "$(manifest_of "$(newest_backup)")")" "$1"
	restores
	restores --jobs 3
	run_rung verify-backup latest --drill
	assert_status 0
	assert_output_contains "restored and compared; restoring took"
	refute_errors_contain "was drilled on"
	run_rung test
	assert_status 0
	rm -rf "$STORE"
}

@test "client programs of 13 with a server of 12" { long_only; works 13 12; }
@test "client programs of 15 with a server of 12" { long_only; works 15 12; }
@test "client programs of 15 with a server of 15" { long_only; works 15 15; }
@test "client programs of 17 with a server of 12" { long_only; works 17 12; }
@test "client programs of 17 with a server of 15" { works 17 15; }
@test "client programs of 17 with a server of 16" { long_only; works 17 16; }
@test "client programs of 18 with a server of 14" { long_only; works 18 14; }
@test "client programs of 18 with a server of 15" { long_only; works 18 15; }
@test "client programs of 18 with a server of 18" { works 18 18; }

@test "what fails for another reason than a setting fails, with one job and with several" {
	use_server 15
	use_client 17
	# True here and nowhere else.
	sql "create function here() returns bool language sql as 'select current_database() = ''$TEST_DATABASE''';
		create table picky (id int check (here())); insert into picky values (1)"
	run_rung backup
	assert_status 0
	for jobs in 1 3; do
		run_rung restore latest --into "$FRESH" --jobs "$jobs"
		assert_status 5
		assert_errors_contain "picky"
		assert_errors_contain "The new database \"$FRESH\" was dropped"
		assert_sql "select count(*) from pg_database where datname = '$FRESH'" 0
	done
}

@test "a script of a newer pg_dump is restored on an older server, its data as it is" {
	use_server 15
	use_client 18
	some_migrations
	run_rung upgrade --no-backup
	"$RUNG_PG_BINDIR/pg_dump" -d "$DATABASE_URL" >theirs.sql
	grep -qx 'SET transaction_timeout = 0;' theirs.sql
	run_rung restore theirs.sql --into "$FRESH" --allow-unsigned
	assert_status 0
	assert_equal "$(psql -XAtq -d "$FRESH_URL" -c 'select said from users order by id limit 1')" "SET transaction_timeout = 0;"
	assert_equal "$(psql -XAtq -d "$FRESH_URL" -c 'select late() is not null, prosrc ~ $$SET transaction_timeout = 0;$$ from pg_proc where proname = $$late$$')" "t|t"
}

@test "of several clients the one nearest to the server is taken" {
	local fifteen newer eighteen
	use_server 15
	fifteen=$(client_bindir 15) || skip "$fifteen"
	newer=$(client_bindir 17) || skip "$newer"
	eighteen=$(client_bindir 18) || skip "$eighteen"
	some_migrations
	PATH=$eighteen:$newer:$fifteen:$PATH run_rung upgrade
	assert_equal "$(jq -r .versions.pg_dump "$(manifest_of "$(newest_backup)")")" 15
	next_second
	# An archive that 15 cannot read is restored by what can.
	run_rung backup --pg-bindir "$newer"
	assert_status 0
	PATH=$eighteen:$newer:$fifteen:$PATH restores
	run_rung restore latest --into "$FRESH" --pg-bindir "$fifteen"
	assert_status 2
	assert_errors_contain "it needs a pg_restore of PostgreSQL 17 or newer, and the newest one found is of 15"
	use_server 16
	run_rung upgrade
	PATH=$eighteen:$newer:$fifteen:$PATH run_rung backup
	assert_status 0
	assert_equal "$(jq -r .versions.pg_dump "$(manifest_of "$(newest_backup)")")" 17
}

@test "a drill on another major than the backup's says so" {
	local bin elsewhere=16
	if [ "$(server_major)" = 16 ]; then elsewhere=14; fi
	use_server "$elsewhere"
	bin=$(programs_of 17 "$(server_bindir)") || skip "$bin"
	some_migrations
	run_rung upgrade --pg-bindir "$bin"
	assert_status 0
	run_rung verify-backup latest --drill --pg-bindir "$bin"
	assert_status 0
	assert_errors_contain "was drilled on PostgreSQL $(server_major) instead of $elsewhere"
}
