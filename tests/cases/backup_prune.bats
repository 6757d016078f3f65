# Pruning knows how the newest run ended: after one that failed nothing goes.

load ../lib/rung
load ../lib/store
load ../lib/backup

setup() {
	rung_setup
	store_forget
	backup_setup
	migration 01_users <<<'create table users as select g as id, md5(g::text) as name from generate_series(1, 20000) g;'
	rollback_of 01_users <<<'drop table users;'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
	for _ in 1 2; do "$RUNG" backup >/dev/null 2>&1; done
	next_second
}

teardown() {
	touch "$PROJECT/resume"
	backup_teardown
	rung_teardown
}

is_over() { ! kill -0 "$rung_pid" 2>/dev/null || [[ $(ps -o stat= -p "$rung_pid") == Z* ]]; }
store_state() { find "$STORE" -type f -exec sha256sum {} + | sort; }

# begin - a backup that has come half way.
begin() {
	bin=$(pausing_pg_dump 100000)
	start_rung backup --pg-bindir "$bin"
	wait_until 20 test -e paused
}

# shellcheck disable=SC2154 # start_rung sets it
kill_dump() { kill -KILL -- "-$(pgrep -P "$rung_pid" -x pg_dump)"; }

# refuses REASON - pruning says so and removes nothing.
refuses() {
	local before
	before=$(store_state)
	run_rung prune-backups --keep-last 1 --yes
	assert_status 5
	assert_errors_match "the newest backup, [0-9TZ]+-[0-9a-f]+, $1; nothing is removed"
	assert_equal "$(store_state)" "$before"
}

# A good one makes pruning continue, and what the bad one left goes with the rest.
goes_on_after_a_good_one() {
	next_second
	run_rung backup
	assert_status 0
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
	assert_output_contains "2 backups removed"
}

@test "after a run that failed nothing is removed before the next good one" {
	begin
	kill_dump
	finish_rung
	assert_status 5
	run_rung list-backups --orphans
	assert_output_matches '\.failed +failed'
	refuses failed
	run_rung list-backups
	assert_equal "$(backup_count)" 2
	goes_on_after_a_good_one
	assert_errors_contain "1 unfinished backup file removed"
	assert_equal "$(find "$STORE" -type f | wc -l)" 3
}

@test "what a failed run takes room for can be had with a word" {
	begin
	kill_dump
	finish_rung
	run_rung prune-backups --keep-last 1 --yes --despite-failure
	assert_status 0
	assert_output_contains "1 backup removed"
	assert_equal "$(find "$STORE" -type f | wc -l)" 3
}

@test "while a backup is made, and after it was killed, nothing is removed" {
	begin
	refuses "was not finished"
	run_rung list-backups --orphans
	assert_output_matches '\.dump\.zst\.age +unfinished'
	run_rung prune-backups --keep-last 1 --yes --despite-failure
	assert_status 0
	kill -KILL "$rung_pid"
	wait_until 20 is_over
	touch resume
	refuses "was not finished"
	next_second
	run_rung backup
	assert_status 0
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
}

@test "a run that somebody stopped is no failure" {
	begin
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
	assert_output_contains "1 backup removed"
}

@test "the first run of all leaves no mark: there is nothing to prune" {
	rm -rf "$STORE"
	begin
	kill_dump
	finish_rung
	assert_status 5
	assert_equal "$(find "$STORE" -type f)" ""
}

# forge ID - an unsigned copy of the newest manifest under another id, with an object of nothing.
forge() {
	local newest folder
	newest=$(newest_backup)
	folder=$(dirname "$(manifest_of "$newest")")
	sed "s/$newest/$1/g; s/\"kind\": \"[a-z-]*\"/\"kind\": \"pre-migration\"/; s/\"keep_until\": [^,]*/\"keep_until\": null/" \
		"$folder/$newest.json" >"$folder/$1.json"
	echo junk >"$folder/$1.dump.zst.age"
}

FORGED=20990101T000000Z-00000000

@test "a forged manifest takes neither the place of the backup before the newest migration nor of the newest run" {
	migration 02_orders <<<'create table orders (id int);'
	"$RUNG" upgrade >/dev/null 2>&1
	way_back=$(newest_backup)
	next_second
	"$RUNG" backup >/dev/null 2>&1
	forge "$FORGED"
	run_rung prune-backups --keep-last 1 --yes --json
	assert_status 0
	assert_equal "$(jq -rs --arg id "$way_back" '.[] | select(.type == "retention" and .id == $id).verdict' <<<"$output")" "rollback point"
	[ -e "$(object_of "$way_back")" ]
	[ -e "$(object_of "$FORGED")" ]
	run_rung restore --before 2 --into "${TEST_DATABASE}_before"
	assert_status 0

	next_second
	begin
	kill_dump
	finish_rung
	assert_status 5
	refuses failed
}

@test "a forged manifest does not make a run that is not yet listed look unfinished" {
	object=$(dirname "$(manifest_of "$(newest_backup)")")/20980101T000000Z-00000000.dump.zst.age
	forge "$FORGED"
	echo "all but its manifest" >"$object"
	run_rung prune-backups --keep-last 1 --yes --despite-failure
	assert_status 0
	[ -e "$object" ]
	refuses "was not finished"
}

@test "after failed upgrades the backup from before the last successful one stays" {
	migration 02_orders <<<'create table orders (id int);'
	"$RUNG" upgrade >/dev/null 2>&1
	way_back=$(newest_backup)
	migration 03_broken <<<'select 1 / 0;'
	for _ in 1 2; do
		next_second
		run_rung upgrade
		[ "$status" -ne 0 ]
	done
	run_rung prune-backups --keep-last 1 --yes --database-url "postgresql:///$TEST_DATABASE?host=$PROJECT/nowhere"
	assert_status 0
	[ -e "$(object_of "$way_back")" ]
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
	assert_equal "$(backup_count)" 2
	run_rung restore --before 2 --into "${TEST_DATABASE}_before"
	assert_status 0
}

# pruned_at SECONDS ARGS… - with the program's clock set forward by so many.
pruned_at() {
	RUNG_FAULT_CLOCK=$1 LD_PRELOAD=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so run_rung prune-backups "${@:2}"
}

@test "a clock that jumped removes nothing: age is held against other clocks" {
	local before month=$((60 * 24 * 3600))
	[ -e "${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so" ] || skip "faults.so is not built"
	before=$(store_state)
	pruned_at $month --keep-within 30d --yes
	assert_status 5
	assert_errors_match "the clock of the database server is [0-9]+ (h|d).* behind the clock here"
	pruned_at -$month --keep-within 30d --yes
	assert_status 5
	assert_errors_contain "ahead of the clock here"
	# Nobody there to be asked but the newest backup, which is of the future then; else it is said.
	local database=$DATABASE_URL
	export DATABASE_URL="postgresql:///$TEST_DATABASE?host=/nowhere"
	pruned_at -$month --keep-within 30d --yes
	assert_status 5
	assert_errors_contain "the newest backup is"
	run_rung prune-backups --keep-within 30d --yes
	assert_status 0
	assert_errors_contain "which cannot be checked"
	export DATABASE_URL=$database
	assert_equal "$(store_state)" "$before"
	# What counts backups asks for no age; less than an hour is nothing; and one may know better.
	pruned_at $month --keep-last 5
	assert_status 0
	pruned_at 3000 --keep-within 30d
	assert_status 0
	pruned_at $month --keep-within 30d --despite-clock --yes
	assert_status 0
	assert_output_contains "1 backup removed"
}

@test "the clock of a store is asked where the database cannot be" {
	[ -e "${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so" ] || skip "faults.so is not built"
	stub_start
	export RUNG_BACKUP_STORE=s3://bucket/here AWS_REGION=here
	for _ in 1 2; do
		run_rung backup
		assert_status 0
		next_second
	done
	export DATABASE_URL="postgresql:///$TEST_DATABASE?host=/nowhere"
	pruned_at $((60 * 24 * 3600)) --keep-within 30d --yes
	assert_status 5
	assert_errors_contain "the clock of the store is"
	run_rung prune-backups --keep-within 30d --yes
	assert_status 0
	refute_errors_contain "no other"
}
