# A schema_version that somebody wrote by hand is taken over: columns added, rows kept, checksums filled.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
	migration 02_orders <<<'create table orders (id int primary key);'
	rollback_of 02_orders <<<'drop table orders;'
}

# made_by_hand TYPE VERSION… - tables and history as psql and a person would leave them.
made_by_hand() {
	local version
	sql "create table schema_version (version $1 primary key, description text,
		applied_at timestamptz default now())"
	for version in "${@:2}"; do
		psql -Xq -d "$DATABASE_URL" -f schema/0"$version"_*.sql
		sql "insert into schema_version values ($version, 'by hand $version', '2024-05-0$version 10:00+00')"
	done
}

assert_adopted() {
	assert_sql "select format_type(atttypid, null) from pg_attribute
		where attrelid = 'schema_version'::regclass and attname = 'version'" bigint
	assert_sql "select count(*) from pg_attribute where attrelid = 'schema_version'::regclass
		and attname in ('name', 'checksum', 'state', 'statements_done', 'rollback_sql')" 5
	assert_sql "select version, description, applied_at from schema_version where version = 1" \
		"1|by hand 1|2024-05-01 10:00:00+00"
	assert_sql "select count(*) from schema_version where name is null or checksum is null or state <> 'applied'" 0
	assert_sql "select count(*) > 0 from schema_version_log where action = 'adopt' and outcome = 'done'" t
	run_rung log --verify
	assert_status 0
}

@test "INTEGER, everything applied: nothing runs, the record is completed" {
	made_by_hand integer 1 2
	run_rung upgrade
	assert_status 0
	assert_adopted
	assert_sql "select version, name from schema_version order by 1" "1|01_users
2|02_orders"
	assert_refused 0 upgrade
	assert_output_contains "nothing to do"
	run_rung check
	assert_status 0
}

@test "INTEGER, with pending migrations" {
	made_by_hand integer 1
	run_rung upgrade
	assert_status 0
	assert_adopted
	assert_sql "select to_regclass('orders') is not null" t
	assert_sql "select version, name, description from schema_version order by 1" "1|01_users|by hand 1
2|02_orders|orders"
}

@test "BIGINT" {
	made_by_hand bigint 1
	run_rung upgrade
	assert_status 0
	assert_adopted
}

@test "SMALLINT, and a number that needs the wider type" {
	made_by_hand smallint 1
	migration 20260209114500_later <<<'create table later (id int);'
	run_rung upgrade
	assert_status 0
	assert_adopted
	assert_sql "select max(version) from schema_version" 20260209114500
}

@test "an empty hand-made table" {
	made_by_hand integer
	run_rung upgrade
	assert_status 0
	assert_sql "select version, name, checksum is not null from schema_version order by 1" "1|01_users|t
2|02_orders|t"
}

@test "a gap below what was applied by hand is refused, and run when allowed" {
	migration 03_items <<<'create table items (id int);'
	made_by_hand integer 1 3
	assert_refused 3 upgrade
	assert_errors_contain '"02_orders" is older than the newest applied'
	run_rung upgrade --out-of-order
	assert_status 0
	assert_adopted
	assert_sql "select string_agg(version::text, ' ' order by version) from schema_version" "1 2 3"
}

@test "a row whose file is gone is named" {
	made_by_hand integer 1 2
	rm schema/02_orders.sql rollback/rollback_02_orders.sql
	assert_refused 3 upgrade
	assert_errors_contain "its file is missing"
	assert_errors_contain "repair 2 --forget"
	run_rung repair 2 --forget
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_sql "select version from schema_version" 1
}

@test "looking at a hand-made table changes nothing" {
	made_by_hand integer 1
	local verb
	for verb in status current history "show 1" heads "upgrade --dry-run" "upgrade --sql"; do
		# shellcheck disable=SC2086 # a verb may bring an operand
		assert_refused 0 $verb
	done
	assert_refused 3 check
	assert_output_contains "02_orders"
}

@test "the script for a hand-made table adopts it as well" {
	made_by_hand integer 1
	run_rung upgrade --sql
	assert_status 0
	echo "$output" >upgrade.sql
	psql -Xq -d "$DATABASE_URL" -f upgrade.sql
	assert_sql "select to_regclass('orders') is not null" t
	assert_sql "select version, description from schema_version order by 1" "1|by hand 1
2|orders"
	assert_refused 0 upgrade
}

@test "after adoption edited files are noticed" {
	made_by_hand integer 1 2
	run_rung upgrade
	migration 01_users <<<'create table users (id bigint primary key);'
	assert_refused 3 upgrade
	assert_errors_contain '"01_users" was changed after it was applied'
}

@test "stamp adopts as well, and leaves repair nothing to do" {
	made_by_hand integer 1
	run_rung stamp head
	assert_status 0
	assert_sql "select to_regclass('orders') is null" t
	assert_sql "select string_agg(version::text, ' ' order by version) from schema_version" "1 2"
	assert_adopted
	run_rung repair
	assert_status 0
	assert_output_contains "nothing to repair"
}

@test "through a transaction pooler too" {
	made_by_hand integer 1
	pgbouncer_start
	run_rung status
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_adopted
	assert_sql "select to_regclass('orders') is not null" t
}

@test "so does stamp through a pooler, and past it" {
	made_by_hand integer 1
	pgbouncer_start
	run_rung stamp 01
	assert_status 0
	assert_adopted
	run_rung stamp head --direct-url "$DIRECT_URL"
	assert_status 0
	assert_sql "select string_agg(version::text, ' ' order by version) from schema_version" "1 2"
}

@test "going down from an adopted table runs the pair and drops the row" {
	made_by_hand integer 1 2
	run_rung downgrade --force
	assert_status 0
	assert_adopted
	assert_sql "select to_regclass('orders') is null" t
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select count(*) from schema_version" 0
}

@test "the rollback is stored with adopted rows" {
	made_by_hand integer 1 2
	run_rung upgrade
	rm schema/* rollback/*
	run_rung downgrade base --force
	assert_status 0
	assert_equal "$(dump_schema)" ""
}

@test "a hand-made table under another name, in another schema" {
	sql "create schema ops; create table ops.versions (version int primary key, description text, applied_at timestamptz default now());
		insert into ops.versions values (1, 'by hand'); create table users (id int primary key)"
	run_rung upgrade --history-table ops.versions
	assert_status 0
	assert_sql "select version, name from ops.versions order by 1" "1|01_users
2|02_orders"
	assert_sql "select to_regclass('schema_version') is null and to_regclass('ops.versions_log') is not null" t
}

@test "a hand-made table with varchar and a timestamp without zone" {
	sql "create table schema_version (version int primary key, description varchar(200), applied_at timestamp default now());
		insert into schema_version values (1, 'by hand 1', '2024-05-01 10:00'); create table users (id int primary key)"
	run_rung upgrade
	assert_status 0
	assert_sql "select version, name from schema_version order by 1" "1|01_users
2|02_orders"
	run_rung history
	assert_status 0
}
