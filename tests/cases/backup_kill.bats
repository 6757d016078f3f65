# Whatever dies while a backup is made: no object, no manifest, no migration ran, and the next run is clean.
# RUNG_TEST_LONG=1 tries more points (make check-long).

load ../lib/rung
load ../lib/backup

setup() {
	rung_setup
	backup_setup
	server_start_own own fsync=on
	migration 01_users <<<'create table users as select g as id, md5(g::text) || repeat(md5((g+1)::text), 20) as name from generate_series(1, 8000) g;'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
	points="0 all"
	if [ -n "${RUNG_TEST_LONG:-}" ]; then points="0 1 30000 100000 all"; fi
	migration 02_orders <<<'create table orders (id int);'
}

teardown() {
	touch "$PROJECT/resume"
	rung_teardown
}

# pg_dump and what runs it here are a process group of their own.
kill_dump() { kill -KILL -- "-$(pgrep -P "$rung_pid")"; }
is_over() { ! kill -0 "$rung_pid" 2>/dev/null || [[ $(ps -o stat= -p "$rung_pid") == Z* ]]; }
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

@test "the backend of pg_dump is terminated" {
	begin 100000
	sql "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pg_dump'" >/dev/null
	touch "$PROJECT/resume"
	end
	assert_status 5
	assert_errors_contain "pg_dump: error:"
	nothing_happened
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

@test "the server is stopped" {
	for how in fast immediate; do
		begin 100000
		server_stop own "$how"
		touch "$PROJECT/resume"
		end
		[ "$status" -ne 0 ]
		assert_equal "$(store_files)" ""
		server_start own
		nothing_happened
	done
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
