# The oldest and the newest server we know: up, down, plain, data, errors, kills.

load ../lib/rung

core() {
	migration 01_a <<<"create table a (id int primary key); set work_mem = '7MB';"
	printf 'copy a from stdin;\n1\n2\n\\.\n' >schema/02_data.sql
	rollback_of 01_a <<<"drop table a;"
	rollback_of 02_data <<<"truncate a;"
	migration 03_index <<<"create index concurrently a_id on a (id);"
	rollback_of 03_index <<<"drop index concurrently a_id;"
	migration 04_plain <<<$'-- rung: transaction: none\ninsert into a values (3);\nselect 1/0;\nvacuum a;'
	rollback_of 04_plain <<<"delete from a where id = 3;"
	migration 05_enum <<<"create type mood as enum ('sad'); alter type mood add value 'ok';"
	rollback_of 05_enum <<<"drop type mood;"
	run_rung upgrade
	assert_status 6
	assert_errors_contain "schema/04_plain.sql:3:1"
	sed -i 's,1/0,1/1,' schema/04_plain.sql
	run_rung upgrade
	assert_status 0
	migration 06_bad <<<$'create table b (id int);\n/* ä */ select nope;'
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/06_bad.sql:2:16: error: column \"nope\" does not exist (42703)"
	rm schema/06_bad.sql
	assert_sql "select count(*), count(*) filter (where state = 'applied') from schema_version" "5|5"
	run_rung status
	assert_status 0
	run_rung check
	assert_status 0
	run_rung downgrade 2 --force
	assert_status 0
	assert_sql "select array_agg(id order by id) from a" "{1,2}"
	run_rung upgrade
	assert_status 0
	assert_sql "select array_agg(id order by id) from a" "{1,2,3}"
	assert_sql "$(sed 's/:"history_log"/public.schema_version_log/; s/\$1/null/' "$ROOT/src/history/log_verify.sql")" ""
}

# What --sql prints without having seen a server leaves what upgrade leaves.
script() {
	server_use "$TEST_SERVER"
	DATABASE_URL="" run_rung upgrade --sql
	assert_status 0
	printf '%s\n' "$output" >script.sql
	psql -XAtq -d "$DATABASE_URL" -f script.sql >/dev/null
	assert_sql "select array_agg(id order by id) from a" "{1,2,3}"
	assert_sql "select count(*), count(*) filter (where state = 'applied') from schema_version" "5|5"
	run_rung check
	assert_status 0
}

crowd() {
	local i pid pids=()
	for i in $(seq 10 30); do migration "${i}_t" <<<"create table t$i (id int);"; done
	for i in 1 2 3 4; do
		start_rung upgrade
		pids+=("$rung_pid")
	done
	kill -9 "${pids[0]}" 2>/dev/null || true
	finish_rung "${pids[0]}"
	for pid in "${pids[@]:1}"; do
		finish_rung "$pid"
		assert_status 0
	done
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version_log where version >= 10 and outcome = 'done'" 21
}

# dump MAJOR - the file with the schema is the same byte for byte, however often the database went up and down.
dump() {
	RUNG_PG_BINDIR=$(server_other_bindir "$1")
	export RUNG_PG_BINDIR
	server_use "$TEST_SERVER"
	rm -rf schema rollback
	mkdir schema rollback
	printf '[files]\nschema_dump = schema.sql\n' >rung.ini
	migration 01_a <<-'SQL'
		create schema app;
		create type app.mood as enum ('sad', 'ok');
		create table app.a (id integer generated always as identity primary key, m app.mood, n serial, check (n > 0));
		create function app.f(app.mood) returns integer language sql as 'select 1';
		create view app.v as select id, app.f(m) from app.a;
		comment on table app.a is 'first';
	SQL
	rollback_of 01_a <<<'drop schema app cascade;'
	migration 02_b <<<'create table app.b (a integer references app.a, x text); create index on app.b (x); grant select on app.b to public;'
	rollback_of 02_b <<<'drop table app.b;'
	run_rung upgrade
	assert_status 0
	refute_errors_contain "schema_dump"
	mv schema.sql first.sql
	"$RUNG" downgrade base --force 2>/dev/null
	"$RUNG" upgrade 01 2>/dev/null
	mv schema.sql half.sql
	"$RUNG" upgrade 2>/dev/null
	cmp schema.sql first.sql
	"$RUNG" downgrade 01 --force 2>/dev/null
	cmp schema.sql half.sql
	grep -q 'CREATE TABLE app.a' half.sql
	rm rung.ini
}

@test "PostgreSQL 12" {
	server_start_other 12
	core
	script
	crowd
	dump 12
}

@test "PostgreSQL 18" {
	server_start_other 18
	core
	script
	crowd
	dump 18
}
