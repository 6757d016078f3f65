# Files that take the tables of the history with them: nothing of them stays, and the error says what it was.

load ../lib/rung

# assert_dropped NUMBER_NAME PLACE VERB ARGS… - the run is refused in words, and all is as it was.
assert_dropped() {
	local name=$1 place=$2 verb=$3
	shift 3
	assert_refused_but_for_log "$@"
	assert_errors_contain "\"$name\" $verb the history tables"
	assert_errors_contain "--history-table"
	if [ -n "$place" ]; then assert_errors_contain "$place"; fi
}

# Failures are logged, so the log may grow.
assert_refused_but_for_log() {
	local before
	before=$(state)
	run_rung "$@"
	assert_equal "$(state)" "$before"
}

state() {
	sql "select string_agg(version || ' ' || state, ', ' order by version) from schema_version"
	sql "select string_agg(relname, ' ' order by relname) from pg_class where relnamespace = 'public'::regnamespace"
}

@test "a file that drops the schema of the history, in one pipeline with others" {
	migration 01_a <<<"create table a (n int);"
	run_rung upgrade
	migration 02_b <<<"create table b (n int);"
	migration 03_drop <<<$'create table c (n int);\n\ndrop schema public cascade;'
	migration 04_d <<<"create table d (n int);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "\"03_drop\" drops the history tables, \"public.schema_version\""
	assert_errors_contain "schema/03_drop.sql:3:1"
	assert_errors_contain "--history-table SCHEMA.TABLE"
	assert_sql "select string_agg(version::text, ' ' order by version) from schema_version" "1 2"
	assert_sql "select to_regclass('b') is null, to_regclass('c') is null" "f|t"
	assert_sql "select outcome, sqlstate from schema_version_log where version = 3" "failed|42P01"
}

@test "every way to drop or change them" {
	migration 01_a <<<"create table a (n int);"
	run_rung upgrade
	local text place=schema/02_drop.sql:2:1
	while IFS='|' read -r verb text; do
		printf 'create table b (n int);\n%s\n' "$text" >schema/02_drop.sql
		assert_dropped 02_drop "$place" "$verb" upgrade
		assert_status 1
	done <<-'SQL'
		drops|drop schema public cascade; create schema public;
		drops|drop table schema_version;
		drops|drop table schema_version_log;
		drops|DROP TABLE "public"."schema_version" CASCADE;
		drops|do $$ begin execute 'drop table schema_version'; end $$;
		drops|alter table schema_version rename to other;
		drops|alter schema public rename to other;
		changes|alter table schema_version drop column checksum;
		changes|alter table schema_version_log rename column hash to other;
	SQL
	printf 'copy a from stdin;\n1\n\\.\ndrop schema public cascade;\n' >schema/02_drop.sql
	assert_dropped 02_drop schema/02_drop.sql:4:1 drops upgrade
	assert_status 1
	printf 'drop schema public cascade;\n' >schema/02_drop.sql
	assert_dropped 02_drop schema/02_drop.sql:1:1 drops upgrade --single-transaction
	assert_status 1
}

@test "a nontransactional file that drops them" {
	migration 01_a <<<"create table a (n int);"
	run_rung upgrade
	local text
	for text in "drop schema public cascade;" "drop table schema_version;" "drop table schema_version_step;" \
		"begin; drop schema public cascade; commit;"; do
		printf -- '-- rung: transaction: none\n%s\nvacuum a;\n' "$text" >schema/02_drop.sql
		assert_dropped 02_drop schema/02_drop.sql:2: drops upgrade
		assert_sql "select count(*), max(state) from schema_version" "1|applied"
	done
}

@test "a rollback that drops them, behind a pooler as well" {
	migration 01_a <<<"create table a (n int);"
	rollback_of 01_a <<<"drop schema public cascade;"
	run_rung upgrade
	assert_dropped 01_a rollback/rollback_01_a.sql:1:1 drops downgrade base --force
	assert_status 1
	pgbouncer_start transaction
	run_rung downgrade base --force
	assert_status 1
	assert_errors_contain "\"01_a\" drops the history tables"
	DATABASE_URL=$DIRECT_URL
	assert_sql "select count(*) from schema_version" 1
}
