# Stores that fail while a verb depends on them: what is said, what is tried again, what stays.

load ../lib/rung
load ../lib/store
load ../lib/backup

setup() {
	rung_setup
	store_forget
	backup_setup
	fresh_database
	export RUNG_BACKUP_STORE=s3://bucket/backups
	migration 01_users <<<'create table users (id int primary key, name text);'
	rollback_of 01_users <<<'drop table users;'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
}

teardown() {
	backup_teardown
	rung_teardown
}

count_of() { stub_log | grep -c "$1" || true; }
# Objects that became visible by a PUT; the manifest is one.
stored() { stub_log | grep -v may-write | grep -cE '^PUT [^? ]* 200 ' || true; }

# More than a part of what does not shrink.
large_table() {
	sql "create table large as select g as id,
		(select decode(string_agg(md5(g || ' ' || i), ''), 'hex') from generate_series(1, 2000) i) as noise
		from generate_series(1, 700) g"
}

pending_migration() { migration 02_orders <<<'create table orders (id int);'; }

# --- passing troubles ----------------------------------------------------------

@test "an upgrade whose upload is refused in passing continues, and says what it waits for" {
	large_table
	pending_migration
	stub_start PUT:slow-down:1:1 PUT:reset:1 COMPLETE:status:1:500
	run_rung upgrade
	assert_status 0
	assert_errors_match 'upload of part [12]: 503 SlowDown, trying again in [0-9.]+ m?s \(2 of 6\)'
	assert_errors_match 'upload of part [12]: .*reset.*, trying again in [0-9.]+ m?s \([23] of 6\)'
	assert_errors_match 'putting 2 parts together: 500 InternalError, trying again in [0-9.]+ m?s \(2 of 6\)'
	assert_sql "select backup is not null from schema_version where version = 2" t
	run_rung verify-backup latest --decrypt
	assert_status 0
}

@test "for programs a retry is an event like others, and none is said when told to be quiet" {
	stub_start PUT:slow-down:2:1
	run_rung backup --json
	assert_status 0
	assert_equal "$(jq -rs 'map(select(.type == "note" and (.text | test("trying again")))) | length' <<<"$output")" 2
	stub_start PUT:slow-down:1:1
	run_rung backup --quiet
	assert_status 0
	refute_errors_contain "trying again"
}

@test "a download that is refused in passing is tried again, and that is said" {
	stub_start GET:status:1:503
	run_rung backup
	assert_status 0
	run_rung verify-backup latest
	assert_status 0
	assert_errors_match 'download of "s3://bucket/backups/.*": 503 Told, trying again in'
}

# --- what is not there and what cannot be read ------------------------------------

# A backup by its id: the signature is asked for first, and the answer is ARGUMENT.
@test "a signature that cannot be read is not taken for none" {
	stub_start
	run_rung backup --json
	assert_status 0
	id=$(jq -rs 'map(select(.type == "backup"))[0].id' <<<"$output")
	for fault in status:1:403 status:1:404 error-200:1:Odd; do
		stub_faults "GET:$fault"
		run_rung verify-backup "$id"
		assert_status 5
		refute_errors_contain "is not signed"
	done
	stub_faults GET:status:1:403
	run_rung verify-backup "$id"
	assert_errors_contain "cannot tell whether backup $id is signed: could not read \"s3://bucket/backups/"
	stub_faults GET:status:1:403
	run_rung verify-backup "$id" --allow-unsigned
	assert_status 0
	assert_output_contains "hash; signature not checked"
	stub_faults GET:error-404:1:NoSuchKey
	run_rung verify-backup "$id"
	assert_status 5
	assert_errors_contain "backup $id is not signed"
}

# --- lasting ones ---------------------------------------------------------------

@test "an upgrade whose upload fails for good changes nothing and takes the upload back" {
	large_table
	pending_migration
	stub_start PUT:slow-down:0:0
	assert_refused 5 upgrade
	assert_errors_match 'upload of part [12]: 503 SlowDown, trying again in [0-9.]+ m?s \(6 of 6\)'
	assert_errors_contain "SlowDown (HTTP 503)"
	assert_errors_contain "tried 6 times"
	assert_errors_contain "No migration was run; nothing was changed."
	refute_errors_contain "$AWS_SECRET_ACCESS_KEY"
	assert_equal "$(stored)" 0
	# One upload to see whether it may be done, one for the object; both taken back.
	assert_equal "$(count_of '^POST .*uploads=')" "$(count_of '^DELETE .*uploadId=.* 204 ')"
}

@test "an upload whose parts cannot be put together is taken back, too" {
	large_table
	pending_migration
	stub_start COMPLETE:error-200:0:InvalidPart
	assert_refused 5 upgrade
	assert_errors_contain "InvalidPart (HTTP 200)"
	assert_equal "$(stored)" 0
	assert_equal "$(count_of '^POST .*uploads=')" "$(count_of '^DELETE .*uploadId=.* 204 ')"
}

@test "a store that cannot be reached stops an upgrade before anything is locked or dumped" {
	pending_migration
	stub_start POST:status:0:403
	assert_refused 5 upgrade
	assert_errors_contain "(HTTP 403)"
	assert_errors_contain "No migration was run"
	assert_equal "$(count_of '^PUT')" 0
}

@test "a manifest that cannot be stored leaves no backup, and no object where it may be removed" {
	pending_migration
	bin=$(pausing_pg_dump all)
	stub_start
	start_rung upgrade --pg-bindir "$bin"
	wait_until 30 test -e paused
	# The object goes through; what comes after it finds the server gone.
	stop_helper "$STUB"
	touch resume
	finish_rung
	assert_status 5
	assert_errors_contain "No migration was run"
	assert_sql "select to_regclass('orders') is null" t
}

# The object and its signature go through; the manifest does too, but nobody hears of it.
manifest_is_lost() { stub_start PUT:none:2 PUT:lost:1 PUT:status:5:503 "$@"; }

@test "a manifest that is stored without our hearing of it goes before what it speaks of" {
	manifest_is_lost
	run_rung backup
	assert_status 5
	assert_equal "$(stub_log | sed -n 's|^DELETE /bucket/backups/.*-[0-9a-f]*\.\([a-z.]*\) .*|\1|p')" "json
json.minisig
dump.zst.age
dump.zst"
	run_rung list-backups --json
	assert_status 0
	assert_equal "$(jq -rs 'map(select(.type == "backup")) | length' <<<"$output")" 0
}

@test "a manifest that cannot be taken back keeps what it speaks of" {
	manifest_is_lost DELETE:status:0:403
	run_rung backup
	assert_status 5
	assert_equal "$(count_of '^DELETE .*Z-')" 1
	run_rung verify-backup latest --decrypt
	assert_status 0
}

# --- a server that takes PUT ----------------------------------------------------

@test "a server that takes nothing but PUT is enough for the backup before an upgrade" {
	large_table
	pending_migration
	stub_start GET:status:0:405 HEAD:status:0:405 DELETE:status:0:405 POST:status:0:405
	export RUNG_BACKUP_STORE=$STUB_URL/dir/ RUNG_BACKUP_TOKEN=hush-hush-token
	run_rung upgrade
	assert_status 0
	id=$(sql "select backup from schema_version where version = 2")
	assert_equal "$(stub_log | grep -v '^PUT' | grep -v '^GET' | grep -v may-write || true)" ""
	assert_equal "$(stub_log | sed -n 's|^PUT /dir/[^/]*/\(.*\) 200 .*|\1|p')" "$id.dump.zst.age
$id.json.minisig
$id.json"
	refute_errors_contain hush-hush
	refute_output_contains hush-hush
	run_rung list-backups
	assert_status 5
	assert_errors_contain "HTTP has no way to list"
}

@test "a server that takes PUT and GET gives a backup back by its id" {
	stub_start
	export RUNG_BACKUP_STORE=$STUB_URL/dir/
	run_rung backup --json
	assert_status 0
	id=$(jq -rs 'map(select(.type == "backup"))[0].id' <<<"$output")
	run_rung restore "$id" --into "$FRESH"
	assert_status 0
	assert_equal "$(row_counts "$FRESH_URL")" "$(row_counts)"
}

@test "a server that takes nothing from us is noticed before anything is dumped" {
	pending_migration
	stub_start PROBE:status:0:403
	export RUNG_BACKUP_STORE=$STUB_URL/dir/
	assert_refused 5 upgrade
	assert_errors_contain "could not write to \"$STUB_URL/dir\": the server answered HTTP 403"
	assert_errors_contain "Check RUNG_BACKUP_TOKEN."
	assert_equal "$(stub_log | grep -v may-write | grep -v '^GET' || true)" ""
	# One that replaces nothing has had it before.
	stub_start PROBE:status:0:412
	export RUNG_BACKUP_STORE=$STUB_URL/dir/
	run_rung upgrade
	assert_status 0
}

@test "a server that fails half way through a PUT is a failed upgrade" {
	large_table
	pending_migration
	stub_start PUT:reset:0
	export RUNG_BACKUP_STORE=$STUB_URL/dir/
	assert_refused 5 upgrade
	assert_errors_contain "No migration was run"
	assert_equal "$(stored)" 0
}

# --- pruning ---------------------------------------------------------------------

days_ago() { date -u -d "@$(($(date +%s) - $1 * 86400))" +%Y-%m-%dT%H:%M:%S.000Z; }

@test "pruning takes back our uploads that are older than a day, and nobody else's" {
	local old=20260101T000000Z-0123abcd.dump.zst.age new=20260102T000000Z-0123abcd.dump.zst.age
	stub_start --upload "backups/app/$old=$(days_ago 2)" --upload "backups/app/$new=$(days_ago 0)" \
		--upload "backups/app/theirs.bin=$(days_ago 9)" --upload "backups/.rung-may-write=$(days_ago 3)"
	run_rung backup
	assert_status 0
	run_rung prune-backups --keep-last 1
	assert_status 0
	assert_equal "$(count_of '^DELETE .*uploadId=old')" 0
	run_rung prune-backups --keep-last 1 --yes
	assert_status 0
	assert_errors_contain "2 unfinished backup files"
	assert_equal "$(stub_log | sed -n 's|^DELETE /bucket/backups/\(.*\)?uploadId=old.*|\1|p')" "app/$old
.rung-may-write"
}

@test "half a listing removes nothing" {
	for half in LIST UPLOADS; do
		stub_start $half:half:0
		for _ in 1 2; do
			run_rung backup
			assert_status 0
		done
		run_rung prune-backups --keep-last 1 --yes
		assert_status 5
		assert_errors_contain "listing is not complete"
		assert_equal "$(count_of '^DELETE /.*age')" 0
	done
}
