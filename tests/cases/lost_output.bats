# What cannot be written, to standard output or to the log file, is said, whatever the verb.

load ../lib/rung

two() {
	migration 01_one <<<'create table one (id int);'
	rollback_of 01_one <<<'drop table one;'
	migration 02_two <<<'create table two (id int);'
	rollback_of 02_two <<<'drop table two;'
}

# Each verb as often as it takes to see it succeed, for people and for programs, in an order in which it would.
calls() {
	cat <<-'EOT'
		help
		help upgrade
		version
		completion bash
		completion zsh
		config
		config schema_dir
		keygen --identity-file one.key
		keygen --identity-file two.key --json
		heads
		show 01
		status
		upgrade --dry-run
		upgrade --sql
		upgrade
		upgrade --json
		current
		squash --dry-run --offline
		fingerprint
		diff live live
		export --no-proof
		history
		history --json
		log
		log --verify
		check
		stamp 02
		repair
		resume
		seed
		downgrade --dry-run
		downgrade --sql
		downgrade --force --no-backup
		downgrade --force --no-backup --json
		setup
		test
		reset --force
		renumber 02 --dry-run --offline
		renumber 02 --offline
		create third --branch side
		create fourth
		merge -m joined
		create fifth
		create sixth --json
		import golang-migrate ../theirs --files-only --dry-run -C bare
		local status
		backup
		backup --json
		list-backups
		fingerprint
		verify-backup latest --allow-unsigned
		backup-cat latest --allow-unsigned
		restore latest --allow-unsigned --into @into@
		prune-backups --keep-last 5 --allow-unsigned
	EOT
}

# lost ARGS… - ends with the error that standard output was lost.
lost() {
	status=0
	"$RUNG" "$@" >/dev/full 2>errors </dev/null || status=$?
	errors=$(cat errors)
	last_command="rung $*"
	[ "$status" -eq 5 ] || fail "it ended with $status: $errors"
	assert_errors_contain "could not write to standard output: No space left on device"
}

@test "every verb ends with an error where standard output could not be written" {
	two
	mkdir -p schema/seed theirs bare
	echo "insert into one values (1);" >schema/seed/01_rows.sql
	echo "create table three (id int);" >theirs/000003_three.up.sql
	echo "drop table three;" >theirs/000003_three.down.sql
	"$RUNG" keygen --identity-file backup.key >keys 2>&1
	RUNG_BACKUP_RECIPIENTS=$(sed -n 's/^# public key: //p' backup.key)
	export RUNG_BACKUP_STORE=$PROJECT/store RUNG_BACKUP_IDENTITY_FILE=$PROJECT/backup.key RUNG_BACKUP_RECIPIENTS
	calls | sed "s/@into@/${TEST_DATABASE}_copy/" >calls
	test_databases+=("$(server_url main "${TEST_DATABASE}_copy")")
	while read -r call; do
		# shellcheck disable=SC2086 # a call is a verb and its arguments
		lost $call
	done <calls

	# A verb that is not among them has not been looked at.
	"$RUNG" completion fish | sed -n 's/.*__fish_use_subcommand -a \([a-z-]*\) .*/\1/p' | sort -u >verbs
	[ "$(wc -l <verbs)" -gt 25 ]
	cut -d' ' -f1 calls | sort -u >called
	assert_equal "$(comm -23 verbs called)" ""
}

@test "lines that a log file could not take are reported at the end, once, and the run is not stopped" {
	two
	export RUNG_LOG_FILE=/dev/full
	run_rung upgrade
	assert_status 0
	told='the log file "/dev/full" is incomplete: 3 lines could not be written: No space left on device'
	assert_equal "$(grep -c incomplete <<<"$errors")" 1
	assert_errors_contain "warning: $told"
	assert_sql "select count(*) from schema_version" 2
	run_rung downgrade 01 --force --no-backup --json
	assert_status 0
	assert_equal "$(jq -r 'select(.type == "warning") | .text' <<<"$output" | grep -c incomplete)" 1
	# A failed run stays what it is; the warning comes beside its error.
	migration 02_two <<<'select 1 / 0;'
	run_rung upgrade
	assert_status 1
	assert_errors_contain "division by zero"
	assert_errors_contain "is incomplete"
	# What writes no line has none to miss.
	run_rung status
	refute_errors_contain "incomplete"
}

@test "where the log is required, one that misses lines is an error" {
	two
	printf '[output]\nlog_required = yes\n' >rung.ini
	assert_refused 2 upgrade
	assert_errors_contain "no log file is named"
	assert_refused 5 upgrade --log-file "$PROJECT/nowhere/x.log"
	RUNG_LOG_FILE=/dev/full run_rung upgrade --json
	assert_status 5
	assert_equal "$(jq -r 'select(.type == "error") | .kind, .state' <<<"$output")" $'storage\nThe migrations themselves are done and recorded.'
	assert_sql "select count(*) from schema_version" 2
	migration 03_three <<<'select 1 / 0;'
	RUNG_LOG_FILE=/dev/full run_rung upgrade
	assert_status 1
	RUNG_LOG_FILE=whole.log run_rung status
	assert_status 0
	# Part of a line is none; and only its writer knows that there was one.
	RUNG_LOG_FILE=whole.log run limited 30 bash -c 'ulimit -f 0; trap "" XFSZ; exec "$0" downgrade base --force --no-backup' "$RUNG"
	[ "$status" -eq 5 ]
}
