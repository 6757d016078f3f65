# SQL that turns one schema into another: over every pair, there and back, each held against a new look at the catalogs.

load ../lib/rung
load ../lib/clients

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

# Subscriptions keep their database from being dropped.
leave_subscriptions() {
	sql "select format('alter subscription %I set (slot_name = none); drop subscription %I;', subname, subname)
	       from pg_subscription s join pg_database d on d.oid = s.subdbid and d.datname = current_database()" >drop.sql
	psql -XAtq -d "$DATABASE_URL" -f drop.sql >/dev/null 2>&1 || true
}

teardown() {
	local DATABASE_URL
	for DATABASE_URL in "${test_databases[@]}"; do leave_subscriptions; done
	rung_teardown
}

# side NAME before|after - a database with that half of all pairs; sets url.
side() {
	url=$(url_of_database "$DATABASE_URL" "${TEST_DATABASE}_$1")
	database_create "$(server_url "$TEST_SERVER")" "${TEST_DATABASE}_$1"
	"$TOOL" "$2" "$url" "${PAIRS[@]}" >loaded || fail "$(head -n 20 loaded)"
}

dump_form() { "$1/pg_dump" -s -d "$2" | awk -f "$TESTS/lib/dump_form.awk"; }

# led BINDIR URL FROM TO - turned into TO, it is dumped as TO is.
led() {
	"$TOOL" lead "$2" "$3" "$4" >led || fail "$(head -n 20 led)"
	diff <(dump_form "$1" "$4" | tr '\001' '\n') <(dump_form "$1" "$2" | tr '\001' '\n') >differs || fail "$(head -n 40 differs)"
}

# All pairs side by side, by one script: pg_dump knows nothing of our catalogs.
observed() {
	local url from to
	sql "do \$\$ begin if to_regrole('pair_a') is null then create role pair_a; create role pair_b;
	     create role pair_super superuser; end if; end \$\$; grant pair_a to current_user"
	side from before
	from=$url
	side to after
	to=$url
	side work before
	led "$1" "$url" "$from" "$to"
	led "$1" "$url" "$to" "$from"
}

@test "pg_dump sees no difference either" {
	observed "$(server_bindir)"
}

@test "pg_dump sees none on the newest server" {
	long_only
	local bin
	bin=$(client_bindir 18) || skip "$bin"
	server_start_other 18
	observed "$bin"
}
