# A directory with too little room: older backups are untouched, nothing half is left, no migration runs.

load ../lib/rung
load ../lib/store
load ../lib/backup

setup() {
	rung_setup
	store_forget
	backup_setup
	migration 01_users <<<'create table users (id int primary key, name text);'
	rollback_of 01_users <<<'drop table users;'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
	migration 02_orders <<<'create table orders (id int);'
}

teardown() {
	if mountpoint -q "$PROJECT/small"; then umount "$PROJECT/small"; fi
	backup_teardown
	rung_teardown
}

# noise MEGABYTES - a table of what does not shrink.
noise() {
	sql "create table noise as select g as id,
		(select decode(string_agg(md5(g || ' ' || i), ''), 'hex') from generate_series(1, 6250) i) as noise
		from generate_series(1, $1 * 10) g"
}

# small_disk SIZE - the store becomes a file system of that size.
small_disk() {
	mkdir small
	if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o "size=$1" none small 2>/dev/null; then
		skip "cannot mount a small file system here (needs root)"
	fi
	STORE=$PROJECT/small/store
	export RUNG_BACKUP_STORE=$STORE
}

# What the store holds, by content; a failed run leaves its mark.
store_state() { find "$STORE" -type f ! -name '*.failed' -exec sha256sum {} + | sort; }

assert_no_migration_ran() {
	assert_status 5
	assert_errors_contain "No migration was run; nothing was changed."
	assert_sql "select to_regclass('orders') is null, count(*) from schema_version" "t|1"
}

@test "a file may not become as large as the backup would" {
	run_rung backup
	assert_status 0
	before=$(store_state)
	noise 4
	before_database=$(database_state)
	ulimit -S -f 1024
	run_rung upgrade
	ulimit -S -f unlimited
	assert_no_migration_ran
	assert_errors_contain "File too large"
	assert_equal "$(store_state)" "$before"
	assert_equal "$(database_state)" "$before_database"
	run_rung upgrade
	assert_status 0
	run_rung verify-backup all --decrypt
	assert_status 0
}

@test "the disk fills up while a backup is written" {
	small_disk 3m
	run_rung backup
	assert_status 0
	before=$(store_state)
	noise 8
	assert_refused 5 upgrade
	assert_no_migration_ran
	assert_errors_contain "No space left on device"
	assert_errors_contain "Free some space there"
	assert_equal "$(store_state)" "$before"
	run_rung verify-backup all --decrypt
	assert_status 0
}

@test "too little room is known before anything is dumped" {
	small_disk 1m
	noise 24
	run_rung upgrade --pg-bindir "$(pausing_pg_dump 0)"
	assert_no_migration_ran
	assert_errors_match "not enough space for a backup in \"$STORE\": .* are free, it takes about .* MB"
	assert_errors_contain "prune-backups"
	assert_equal "$(find "$PROJECT/paused" "$STORE" -type f 2>/dev/null)" ""
}

@test "what the last backup took says how much the next one will" {
	small_disk 10m
	noise 7
	run_rung backup
	assert_status 0
	before=$(store_state)
	run_rung upgrade --pg-bindir "$(pausing_pg_dump 0)"
	assert_no_migration_ran
	assert_errors_match "not enough space .* it takes about 7\.[0-9] MB"
	assert_equal "$(store_state)" "$before"
	[ ! -e paused ]
}
