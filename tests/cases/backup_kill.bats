# Whatever dies while a backup is made: no object, no manifest, no migration ran, and the next run is clean.
# RUNG_TEST_LONG=1 tries more points (make check-long).

load ../lib/rung
load ../lib/backup

setup() {
	rung_setup
	backup_setup
	server_start_own own fsync=on
	migration 01_users <<<'create table users as select g as id, md5(g::text) || repeat(md5((g+1)::text), 20) as name from generate_series(1, 8000) g;'
	fresh_database
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
	# After so many bytes of the dump: before the first, under way, when nothing but its end is missing.
	points="0 all"
	middles=100000
	if [ -n "${RUNG_TEST_LONG:-}" ]; then
		points="0 1 30000 100000 400000 1000000 all"
		middles="0 1 30000 100000 400000 1000000"
	fi
	migration 02_orders <<<'create table orders (id int);'
}

teardown() {
	touch "$PROJECT/resume" "$PROJECT/enough"
	rung_teardown
}

# pg_dump and what runs it here are a process group of their own.
kill_dump() { kill -KILL -- "-$(pgrep -P "$rung_pid" -x pg_dump)"; }
is_over() { ! kill -0 "$rung_pid" 2>/dev/null || [[ $(ps -o stat= -p "$rung_pid") == Z* ]]; }
has_written() { [ -n "$(find "$STORE" -name '.*.partial' -size +0)" ]; }
store_files() { find "$STORE" -type f ! -name '.*' 2>/dev/null; }

# begin POINT - an upgrade whose backup has come so far.
begin() {
	bin=$(pausing_pg_dump "$1")
	start_rung upgrade --pg-bindir "$bin"
	wait_until 20 test -e "$PROJECT/paused"
}

end() {
	wait_until 30 is_over
	finish_rung
}

# nothing_happened - after the failure, and then a clean run.
nothing_happened() {
	assert_equal "$(store_files)" ""
	assert_sql "select to_regclass('orders') is null, count(*) from schema_version" "t|1"
	touch "$PROJECT/resume"
	run_rung upgrade
	assert_status 0
	assert_equal "$(backup_count)" 1
	run_rung verify-backup latest --decrypt
	assert_status 0
	forget
}

# For the next point: as if the second migration had never been run.
forget() {
	sql "drop table orders; delete from schema_version where version = 2"
	rm -rf "$STORE"
}

@test "pg_dump is killed" {
	for point in $points; do
		begin "$point"
		kill_dump
		end
		assert_status 5
		assert_errors_contain "while dumping the database with pg_dump"
		assert_errors_contain "No migration was run"
		nothing_happened
	done
}

# What pg_dump has sent already is no trouble: only at the very end it needs its backend no more.
@test "the backend of pg_dump is terminated" {
	for point in $middles; do
		begin "$point"
		sql "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pg_dump'" >/dev/null
		touch "$PROJECT/resume"
		end
		assert_status 5
		assert_errors_contain "pg_dump: error:"
		nothing_happened
	done
}

@test "our own session, which holds the snapshot, is terminated" {
	for point in $points; do
		begin "$point"
		sql "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'rung%'" >/dev/null
		touch "$PROJECT/resume"
		end
		if [ "$status" -eq 0 ]; then
			# Its snapshot was in pg_dump's hands already, and the run found its way back.
			assert_equal "$(backup_count)" 1
			run_rung verify-backup latest --drill
			assert_status 0
			forget
		else
			nothing_happened
		fi
	done
}

@test "we are asked to stop" {
	for point in $points; do
		begin "$point"
		kill -TERM "$rung_pid"
		end
		assert_status 130
		assert_equal "$(find "$STORE" -type f)" ""
		nothing_happened
	done
}

@test "we are killed" {
	for point in $points; do
		begin "$point"
		kill -KILL "$rung_pid"
		end
		wait_for "not exists (select from pg_locks where locktype = 'advisory')"
		touch "$PROJECT/resume"
		nothing_happened
	done
}

@test "what we left when we were killed goes with the next pruning, not what is being written" {
	begin 100000
	wait_until 20 has_written
	kill -KILL "$rung_pid"
	end
	touch "$PROJECT/resume"
	run_rung backup
	assert_status 0
	begin 100000
	# What has no lock is no writer's.
	run_rung prune-backups --keep-last 5 --yes --despite-failure
	assert_status 0
	assert_equal "$(find "$STORE" -name '.*.partial' | wc -l)" 1
	touch "$PROJECT/resume"
	finish_rung
	assert_status 0
}

@test "the server is stopped" {
	for point in $middles; do
		for how in fast immediate; do
			begin "$point"
			server_stop own "$how"
			touch "$PROJECT/resume"
			end
			[ "$status" -ne 0 ]
			assert_equal "$(store_files)" ""
			server_start own
			nothing_happened
		done
	done
}

# strace stops us where an object is whole and its manifest is not there yet, and on the way to either.
@test "we are killed while finishing" {
	command -v strace >/dev/null || skip "strace is not installed"
	strace -qq -e trace=link,linkat -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	for signal in TERM KILL; do
		for when in 1 2 3; do
			strace -f -qq -e trace=link,linkat -e inject=link,linkat:signal="$signal":when="$when" -o traced "$RUNG" upgrade >out.txt 2>&1 || true
			[ "$(grep -cE 'link(at)?\(' traced)" -ge "$when" ] || fail "no link number $when was made: $(cat out.txt)"
			wait_for "not exists (select from pg_locks where locktype = 'advisory')"
			if [ "$(backup_count)" -eq 0 ]; then
				assert_sql "select to_regclass('orders') is null, count(*) from schema_version" "t|1"
			else
				# The manifest was in place: the backup counts, whatever came of the migration.
				run_rung verify-backup latest --decrypt
				assert_status 0
			fi
			run_rung upgrade
			assert_status 0
			run_rung verify-backup all
			assert_status 0
			assert_sql "select to_regclass('orders') is null, count(*) from schema_version" "f|2"
			forget
		done
	done
}

@test "under writers that never stop, rows and history are those of the snapshot" {
	sql "create table busy (id bigserial, run int)"
	for i in 1 2; do
		(until [ -e "$PROJECT/enough" ]; do echo "insert into busy (run) values ($i); delete from users where id = (select min(id) from users); insert into users select max(id) + 1, 'new' from users;"; done |
			psql -XAtq -d "$DATABASE_URL" >/dev/null 2>&1) 3>&- 4>&- &
	done
	wait_for "(select count(*) > 50 from busy)"
	for point in $middles; do
		begin "$point"
		wait_for "(select count(*) from busy) > $(sql 'select count(*) + 20 from busy')"
		touch "$PROJECT/resume"
		end
		assert_status 0
		# A drill compares every table's rows with those counted, and the history with the manifest's.
		run_rung verify-backup latest --drill
		assert_status 0
		assert_equal "$(jq -r '.migrations.applied, .migrations.head' "$(manifest_of "$(newest_backup)")" | tr '\n' ' ')" "1 1 "
		run_rung restore latest --into "$FRESH"
		assert_status 0
		assert_equal "$(psql -XAtq -d "$FRESH_URL" -c "select count(*), max(version), to_regclass('orders') is null from schema_version")" "1|1|t"
		sql "drop database \"$FRESH\""
		forget
	done
	touch "$PROJECT/enough"
}

@test "the disk of the store is full" {
	if [ "$(id -u)" -ne 0 ] || ! mkdir "$PROJECT/small" || ! mount -t tmpfs -o size=200k none "$PROJECT/small" 2>/dev/null; then
		skip "cannot mount a small file system here"
	fi
	RUNG_BACKUP_STORE=$PROJECT/small run_rung upgrade
	left=$(find "$PROJECT/small" -type f)
	umount "$PROJECT/small"
	assert_status 5
	assert_equal "$left" ""
	nothing_happened
}

# pg_dump has all and its end is all that is missing: from then on the database lets nobody in.
@test "a backup that cannot be recorded in the log afterwards is made, and that is said" {
	local bin
	bin=$(pausing_pg_dump all)
	start_rung backup --pg-bindir "$bin"
	wait_until 20 test -e "$PROJECT/paused"
	psql -XAtqd "$(url_of_database "$DATABASE_URL" postgres)" -c "alter database \"$TEST_DATABASE\" allow_connections false"
	touch "$PROJECT/resume"
	end
	psql -XAtqd "$(url_of_database "$DATABASE_URL" postgres)" -c "alter database \"$TEST_DATABASE\" allow_connections true"
	assert_status 0
	assert_errors_contain "the backup could not be recorded in the log: "
	assert_equal "$(backup_count)" 1
	assert_sql "select count(*) from schema_version_log where action = 'backup'" 0
}
