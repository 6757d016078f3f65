# test, over a history with wrong rollbacks of every kind: each file is judged by itself, whatever its neighbours did.

load ../lib/rung
load ../lib/verdicts

setup() {
	: "${RUNG_TEST_TIMEOUT:=3000}"
	rung_setup
	export TMPDIR=$PROJECT/tmp
	mkdir -m 1777 "$TMPDIR"
}

# judged N - the first N files by kind, as they are to be.
judged() {
	verdicts_make "$1"
	run_rung test --json
	assert_status 3
	assert_equal "$(verdicts_of_rung)" "$(cat expected)"
	assert_equal "$(find "$TMPDIR" -maxdepth 1 -name 'rung-scratch.*' | wc -l)" 0
}

@test "each of forty files is judged by itself" { judged 40; }

@test "three hundred files are judged as psql judges them" {
	long_only
	judged 300
	server_start_own judge
	verdicts_of_psql judge
	assert_equal "$(cat by_psql)" "$(cat expected)"
}
