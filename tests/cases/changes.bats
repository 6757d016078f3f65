# SQL that turns one schema into another: over every pair, there and back, each held against a new look at the catalogs.

load ../lib/rung

TOOL=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/catalogtool
PAIRS=("$TESTS"/pairs/*.sql)

# changes MODE URL - all pairs, and none that fails.
changes() {
	"$TOOL" "$1" "$2" "${PAIRS[@]}" >changes || fail "$(head -n 40 changes)"
	[[ "$(tail -n 1 changes)" =~ ^pairs:\ [1-9][0-9]+\ run,\ 0\ failed$ ]] || fail "$(tail -n 1 changes)"
}

@test "each pair of schemas is turned into its other half and back" {
	changes changes "$DATABASE_URL"
}

@test "part by part in transactions of their own, and all that a pair left is taken away by a script" {
	long_only
	changes committed "$DATABASE_URL"
}

@test "in the forms that lock less" {
	long_only
	changes online "$DATABASE_URL"
}

@test "each pair on the oldest and the newest server" {
	long_only
	local major
	for major in 12 17 18; do
		server_start_other "$major"
		changes changes "$DATABASE_URL"
	done
}
