# The verbs of backups on a real object store: radosgw checks signatures, policies and object lock.

load ../lib/rung
load ../lib/store
load ../lib/radosgw
load ../lib/backup

setup_file() {
	radosgw_start radosgw
	export RADOSGW_URL RADOSGW_MISSING
}

teardown_file() { radosgw_stop radosgw; }

# Each test is a user of its own with a bucket of its own.
setup() {
	rung_setup
	if [ -n "${RADOSGW_MISSING:-}" ]; then skip "$RADOSGW_MISSING"; fi
	store_forget
	backup_setup
	fresh_database
	BUCKET=bucket-$BATS_SUITE_TEST_NUMBER
	export AWS_ENDPOINT_URL=$RADOSGW_URL RUNG_BACKUP_STORE=s3://$BUCKET/backups
	radosgw_user radosgw "owner-$BATS_SUITE_TEST_NUMBER"
	migration 01_users <<<'create table users (id int primary key, name text);'
	rollback_of 01_users <<<'drop table users;'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
}

teardown() {
	backup_teardown
	rung_teardown
}

ask() { "$STORE_PROGRAMS/storetool" "${@:3}" "s3://$BUCKET" ask "$1" ${2:+"$2"}; }
make_bucket() { ask PUT "" "$@" </dev/null; }
objects() { "$STORE_PROGRAMS/storetool" "$RUNG_BACKUP_STORE" list; }

# More than a part: what is random does not shrink.
large_table() {
	sql "create table large as select g as id,
		(select decode(string_agg(md5(g || ' ' || i), ''), 'hex') from generate_series(1, 2000) i) as noise
		from generate_series(1, 700) g"
}

# A user who may only write takes the owner's place.
become_writer() {
	OWNER_KEYS=("$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY")
	radosgw_writer radosgw "$BUCKET" backups "owner-$BATS_SUITE_TEST_NUMBER" "writer-$BATS_SUITE_TEST_NUMBER"
}

as_owner() { AWS_ACCESS_KEY_ID=${OWNER_KEYS[0]} AWS_SECRET_ACCESS_KEY=${OWNER_KEYS[1]} "$@"; }

@test "the whole circle in a bucket, in parts" {
	make_bucket
	large_table
	run_rung backup
	assert_status 0
	run_rung list-backups --json
	assert_status 0
	id=$(newest_backup)
	[ "$(objects | awk '/age$/ { print $1 }')" -gt 16777216 ] # more than a part
	assert_equal "$(objects | sed 's/.*\///' | sort)" "$id.dump.zst.age
$id.json
$id.json.minisig"
	run_rung verify-backup latest --decrypt
	assert_status 0
	"$RUNG" backup-cat latest | pg_restore --list | grep -q 'TABLE public large'
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_equal "$(row_counts "$FRESH_URL")" "$(row_counts)"
	run_rung list-backups --orphans
	assert_status 0
	assert_errors_contain "every object belongs to a backup"
	assert_equal "$(ask GET uploads </dev/null | grep -c '<UploadId>')" 0
}

@test "an upgrade backs up into the bucket first; one that fails says how to restore" {
	make_bucket
	migration 02_orders <<<'create table orders (id int); select 1/0;'
	run_rung upgrade
	assert_status 1
	id=$(newest_backup)
	assert_errors_contain "rung restore $id --into ${TEST_DATABASE}_restored"
	run_rung restore "$id" --into "$FRESH"
	assert_status 0
}

@test "who may only write backs up, also before an upgrade, and can do nothing else" {
	make_bucket
	large_table
	run_rung backup
	assert_status 0
	old=$(newest_backup)
	become_writer
	unset RUNG_BACKUP_IDENTITY_FILE
	next_second
	run_rung backup --json
	assert_status 0
	made=$(jq -rs 'map(select(.type == "backup"))[0].id' <<<"$output")
	next_second
	migration 02_orders <<<'create table orders (id int);'
	run_rung upgrade
	assert_status 0
	taken=$(sql "select backup from schema_version where version = 2")

	# Neither what others made nor what it made itself.
	local id name verb
	for id in "$old" "$made"; do
		name=$TEST_DATABASE/$id
		for verb in "get $name.json" "get $name.dump.zst.age" "remove $name.json" "remove $name.dump.zst.age"; do
			# shellcheck disable=SC2086 # a verb and its name
			run_store "$RUNG_BACKUP_STORE" $verb
			assert_status 5
			assert_errors_contain "(HTTP 403)"
		done
		# Nor is it replaced.
		run_store "$RUNG_BACKUP_STORE" put "$name.json" <<<forged
		assert_status 5
	done
	for verb in list-backups "verify-backup $made" "prune-backups --keep-last 1 --yes" "restore $made --into $FRESH"; do
		# shellcheck disable=SC2086 # a verb and its options
		run_rung $verb
		assert_status 5
		assert_errors_contain "(HTTP 403)"
	done

	export AWS_ACCESS_KEY_ID=${OWNER_KEYS[0]} AWS_SECRET_ACCESS_KEY=${OWNER_KEYS[1]} RUNG_BACKUP_IDENTITY_FILE=$IDENTITY
	assert_equal "$("$RUNG" list-backups --json | jq -r 'select(.type == "backup").id')" "$old
$made
$taken"
	run_rung verify-backup all --decrypt
	assert_status 0
	refute_errors_contain "warning"
	assert_equal "$(ask GET uploads </dev/null | grep -c '<UploadId>')" 0
}

@test "a write-only backup that fails takes its upload back and leaves a mark that stops pruning" {
	make_bucket
	run_rung backup
	before=$(objects)
	next_second
	large_table
	become_writer
	bin=$(pausing_pg_dump 45000000)
	migration 02_orders <<<'create table orders (id int);'
	start_rung upgrade --pg-bindir "$bin"
	wait_until 60 test -e paused
	# shellcheck disable=SC2154 # start_rung sets it
	kill -KILL -- "-$(pgrep -P "$rung_pid" -x pg_dump)" # pg_dump and what runs it
	finish_rung
	assert_status 5
	assert_errors_contain "No migration was run"
	assert_sql "select to_regclass('orders') is null" t
	assert_equal "$(as_owner objects | grep -v '\.failed$')" "$before"
	assert_equal "$(as_owner ask GET uploads </dev/null | grep -c '<UploadId>')" 0
	as_owner run_rung prune-backups --keep-last 1 --yes
	assert_status 5
	assert_errors_match "the newest backup, [0-9TZ]+-[0-9a-f]+, failed; nothing is removed"
}

@test "what is locked is hidden by pruning, not deleted, and that is what is said" {
	make_bucket --header x-amz-bucket-object-lock-enabled=true
	run_rung backup
	assert_status 0
	free=$(newest_backup)
	ask PUT object-lock <<-XML
		<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>
		<Mode>COMPLIANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>
	XML
	next_second
	run_rung backup
	locked=$(newest_backup)
	next_second
	run_rung backup
	last=$(newest_backup)
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
	assert_errors_match "$locked is hidden, and retained by the store until 20[0-9][0-9]-"
	refute_errors_contain "$free"
	assert_output_contains "1 backup removed, 1 hidden"
	assert_equal "$("$RUNG" list-backups --json 2>/dev/null | jq -r 'select(.type == "backup").id')" "$last"
	# Anyone who may look at versions still finds the locked one whole, and nothing of the other.
	ask GET versions </dev/null >kept
	grep -q "$locked.dump.zst.age" kept
	assert_equal "$(grep -c "$free" kept)" 0
}

@test "pruning takes manifest, signature and object out of the bucket, and orphans with them" {
	make_bucket
	run_rung backup
	first=$(newest_backup)
	"$STORE_PROGRAMS/storetool" "$RUNG_BACKUP_STORE" put "$TEST_DATABASE/20200101T000000Z-00000000.dump.zst.age" </dev/null
	"$STORE_PROGRAMS/storetool" "$RUNG_BACKUP_STORE" put "$TEST_DATABASE/notes.txt" <<<"not ours"
	next_second
	run_rung backup
	run_rung list-backups --orphans
	assert_output_contains "20200101T000000Z-00000000.dump.zst.age"
	refute_output_contains "notes.txt"
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
	assert_output_contains "1 backup removed"
	assert_errors_contain "1 unfinished backup file"
	refute_output_contains "hidden"
	last=$(newest_backup)
	assert_equal "$(objects | sed 's/.*\///' | grep -v notes.txt | sort)" "$last.dump.zst.age
$last.json
$last.json.minisig"
	[ "$first" != "$last" ]
	assert_equal "$(objects | grep -c notes.txt)" 1
}
