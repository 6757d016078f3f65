# What the catalogs are read for: everything is in it, nothing else is, and it is the same where the schema is.

load ../lib/rung
load ../lib/clients

TOOL=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/catalogtool
RANDOM_SCHEMA=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/random_schema
PAIRS=("$TESTS"/pairs/*.sql)

fingerprint_of() { "$RUNG" fingerprint "${@:2}" "$1" 2>&1; }

another_database() {
	database_create "$(server_url "$TEST_SERVER")" "$1"
	server_url "$TEST_SERVER" "$1"
}

pair_roles() {
	sql "do \$\$ begin if to_regrole('pair_a') is null then create role pair_a; create role pair_b; create role pair_super superuser; end if; end \$\$;
	     grant pair_a to current_user"
}

# assert_restored BINDIR - the database restored from its dump has the same fingerprint.
assert_restored() {
	local copy=${TEST_DATABASE}_copy url
	url=$(another_database "$copy")
	"$1/pg_dump" -d "$DATABASE_URL" -f dump.sql
	PGOPTIONS='-c client_min_messages=error' "$1/psql" -XAtq -d "$url" -f dump.sql >restored 2>&1
	if [ "$(fingerprint_of "$url")" != "$(fingerprint_of "$DATABASE_URL")" ]; then
		fingerprint_of "$DATABASE_URL" --objects >before
		fingerprint_of "$url" --objects >after
		fail "restored otherwise: $(diff before after | head -n 20; grep ERROR restored | head -n 20)"
	fi
}

# Every kind there is: complete, named where one is left out, and the same when it comes back from a dump.
everything() {
	pair_roles
	"$TOOL" load "$DATABASE_URL" "${PAIRS[@]}" >loaded || fail "$(head -n 20 loaded)"
	"$TOOL" complete "$DATABASE_URL" >complete || fail "$(grep -v '^#' complete | head -n 20)"
	assert_equal "$(grep -c '^# ' complete)" "$2" "catalogs with rows in them: $(cut -d' ' -f2 complete | paste -sd' ')"
	"$TOOL" covered "$DATABASE_URL" "${PAIRS[@]}" >covered || fail "$(cat covered)"
	assert_restored "$1"
}

# Subscriptions keep their database from being dropped.
leave_subscriptions() {
	sql "select format('alter subscription %I set (slot_name = none); drop subscription %I;', subname, subname)
	       from pg_subscription s join pg_database d on d.oid = s.subdbid and d.datname = current_database()" >drop.sql
	psql -XAtq -d "$1" -f drop.sql >/dev/null 2>&1 || true
}

teardown() {
	local url
	for url in "${test_databases[@]}"; do leave_subscriptions "$url"; done
	rung_teardown
}

@test "all kinds are in it, and come back from a dump" {
	everything "$(server_bindir)" 36
	"$TOOL" skip "$DATABASE_URL" >skipped || fail "$(cat skipped)"
}

@test "all kinds on PostgreSQL 12" {
	local bin
	bin=$(client_bindir 13) || skip "$bin"
	server_start_other 12
	everything "$bin" 34
}

@test "all kinds on PostgreSQL 18" {
	local bin
	bin=$(client_bindir 18) || skip "$bin"
	server_start_other 18
	everything "$bin" 36
}

@test "each fact that changes changes it" {
	"$TOOL" pairs "$DATABASE_URL" 7 "${PAIRS[@]}" >changed || fail "$(cat changed)"
}

@test "each fact that changes changes it, on every major" {
	long_only
	local major
	"$TOOL" pairs "$DATABASE_URL" "${PAIRS[@]}" >changed || fail "$(cat changed)"
	for major in 12 14 16 17 18; do
		server_start_other "$major"
		"$TOOL" pairs "$DATABASE_URL" "${PAIRS[@]}" >changed || fail "on $major: $(cat changed)"
	done
}

# random_schemas FROM TO SIZE - made in one order and in another one, and restored from a dump.
random_schemas() {
	local seed url other
	pair_roles
	for seed in $(seq "$1" "$2"); do
		server_use "$TEST_SERVER"
		other=$(another_database "${TEST_DATABASE}_other")
		"$RANDOM_SCHEMA" "$seed" "$3" >made.sql
		"$RANDOM_SCHEMA" "$seed" "$3" "$seed" >other.sql
		url=$DATABASE_URL
		psql -1 -XAtq -v ON_ERROR_STOP=1 -d "$url" -f made.sql >/dev/null
		psql -1 -XAtq -v ON_ERROR_STOP=1 -d "$other" -f other.sql >/dev/null
		assert_equal "$(fingerprint_of "$other")" "$(fingerprint_of "$url")" "seed $seed, in another order"
		assert_restored "$(server_bindir)"
		"$TOOL" complete "$url" >complete || fail "seed $seed: $(grep -v '^#' complete | head -n 20)"
		database_drop "$(url_of_database "$url" "${TEST_DATABASE}_copy")"
		database_drop "$other"
		database_drop "$url"
	done
}

@test "random schemas, in any order, and restored" {
	random_schemas 1 2 25
}

@test "a thousand random schemas" {
	long_only
	random_schemas 100 1099 12
}

@test "what a transaction cannot change" {
	local before
	sql "create table t (a integer) partition by range (a); create table p partition of t for values from (1) to (9);
	     create table u (a integer); insert into u values (1), (1); create view v as select a from t"
	before=$(fingerprint_of "$DATABASE_URL")
	sql "create unique index concurrently broken on u (a)" 2>/dev/null || true
	run_rung fingerprint
	assert_output "$before"
	assert_errors_contain "not in the fingerprint, as it is invalid: index public.broken"
	PGOPTIONS='-c allow_in_place_tablespaces=on' psql -XAtq -d "$DATABASE_URL" -c "create tablespace in_place_$$ location ''"
	sql "drop index broken; alter table u set tablespace in_place_$$"
	assert_equal "$(fingerprint_of "$DATABASE_URL")" "$before"
	[ "$(fingerprint_of "$DATABASE_URL" --with tablespace)" != "$before" ] || fail "tablespaces do not count when asked"
	sql "drop table u; create table u (a integer)"
	sql "drop tablespace in_place_$$"
	psql -XAtq -d "$DATABASE_URL" -c "begin; lock table p in access share mode; select pg_sleep(60)" >/dev/null 2>&1 3>&- 4>&- &
	wait_for "exists (select from pg_locks where relation = 'p'::regclass and mode = 'AccessShareLock')"
	PGOPTIONS='-c lock_timeout=100' psql -XAtq -d "$DATABASE_URL" -c "alter table t detach partition p concurrently" 2>/dev/null || true
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'pg_sleep' and pid <> pg_backend_pid()" >/dev/null
	[ "$(fingerprint_of "$DATABASE_URL")" != "$before" ] || fail "a partition that is being detached counts as attached"
}

@test "the verb: rung's own tables, objects, parts, one round trip" {
	local plain
	plain=$(another_database "${TEST_DATABASE}_plain")
	migration 01_a <<<"create table a (id integer generated always as identity primary key, b text default 'x'); comment on table a is 'c';"
	rollback_of 01_a <<<"drop table a;"
	psql -XAtq -d "$plain" -f schema/01_a.sql
	run_rung upgrade
	assert_status 0
	run_rung fingerprint
	assert_output "$(fingerprint_of "$plain")"
	assert_output_matches '^[0-9a-f]{64}$'
	run_rung fingerprint --objects "$plain"
	assert_output_matches '[0-9a-f]{16} column public\.a\.id'
	assert_output_contains " default public.a.b"
	refute_output_contains "schema_version"
	run_rung fingerprint --objects --json
	assert_output_contains '"type":"object","kind":"table","identity":"public.a"'
	assert_output_matches '"type":"fingerprint","fingerprint":"[0-9a-f]{64}","format":2,"server_version":[0-9]+,"objects":[0-9]+,"unmodelled":0'
	psql -XAtq -d "$plain" -c "comment on table a is 'd'"
	assert_equal "$(fingerprint_of "$plain" --ignore comment)" "$(fingerprint_of "$DATABASE_URL" --ignore comment)"
	[ "$(fingerprint_of "$plain")" != "$(fingerprint_of "$DATABASE_URL")" ] || fail "comments do not count"
	[ "$(fingerprint_of "$plain")" != "$(fingerprint_of "$plain" --with column-order)" ] || fail "the order is the same"
	assert_refused 2 fingerprint --ignore owner,nonsense
	assert_errors_contain "There are owner, acl, comment, label, tablespace and column-order."
	assert_refused 2 fingerprint u:s3kr1t@nowhere
	assert_errors_contain "the argument is not a connection string"
	refute_errors_contain s3kr1t
	proxy_start
	run_rung fingerprint
	assert_status 0
	proxy_stats >/dev/null
	assert_equal "$(proxy_stat round_trips)" 2 "one to connect, one to look"
}

@test "what needs what" {
	sql "create extension fuzzystrmatch; create schema app; create type app.mood as enum ('a');
	     create table app.t (id integer generated always as identity primary key, m app.mood default 'a');
	     create table app.u (t integer references app.t, constraint k check (t > 0));
	     create function app.f(app.t) returns text language sql as 'select 1';
	     create view app.v as select soundex('x') as s, m, app.f(t) from app.t;
	     create index i on app.t (m)"
	"$TOOL" needs "$DATABASE_URL" | grep -v ' n schema ' >needs
	assert_equal "$(cat needs)" "$(cat <<-'END'
		function app.f(app.t) n table app.t
		sequence app.t_id_seq i column app.t.id
		view app.v n extension fuzzystrmatch
		view app.v n function app.f(app.t)
		view app.v n column app.t.m
		column app.t.m n enum app.mood
		column app.v.m n enum app.mood
		default app.t.m n enum app.mood
		default app.t.m a column app.t.m
		constraint app.t.t_pkey a column app.t.id
		constraint app.u.k a column app.u.t
		constraint app.u.k n column app.u.t
		constraint app.u.u_t_fkey n column app.t.id
		constraint app.u.u_t_fkey a column app.u.t
		constraint app.u.u_t_fkey n index app.t_pkey
		index app.i a column app.t.m
		index app.t_pkey i constraint app.t.t_pkey
	END
	)"
}

# No server has a kind that we do not know: a row that looks like one of a catalog to come.
@test "a schema that is changed while it is read is no fingerprint" {
	sql "create table t (i int); create index gone on t ((i + 1)); create view v as select i from t"
	printf '%s;\n' begin 'drop index gone' '\echo dropped' 'select pg_sleep(1)' commit |
		psql -XAtq -d "$DATABASE_URL" >changing 2>&1 &
	wait_until 10 grep -q dropped changing
	# The view's definition waits for the table; the index is asked for behind it, when it is gone.
	run_rung fingerprint "$DATABASE_URL"
	wait $!
	assert_status 1
	assert_output ""
	assert_errors_contain "Somebody is changing the schema. Try again when that has ended."
	run_rung fingerprint "$DATABASE_URL"
	assert_status 0
	# Nor is it waited for without an end.
	printf '%s;\n' begin 'lock table t' '\echo locked' 'select pg_sleep(60)' |
		psql -XAtq -d "$DATABASE_URL" >locking 2>&1 &
	wait_until 10 grep -q locked locking
	run_rung fingerprint "$DATABASE_URL"
	assert_status 4
	assert_errors_contain "another session holds a lock on a table that a view is made of"
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()" >/dev/null
	wait $! || true
}

@test "an object of an unknown kind is named" {
	sql "insert into pg_depend values (9999, 99999, 0, 'pg_namespace'::regclass, 'public'::regnamespace, 0, 'n')"
	run_rung fingerprint
	assert_status 0
	assert_errors_contain "not in the fingerprint, because rung does not know its kind: object 99999 of catalog 9999"
	run_rung fingerprint --strict
	assert_status 3
	assert_errors_contain "1 object of a kind that rung does not know"
	sql "delete from pg_depend where classid = 9999"
	run_rung fingerprint --strict
	assert_status 0
}
