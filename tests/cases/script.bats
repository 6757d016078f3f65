# What --sql prints, run by psql, leaves what the program itself leaves, history included.

load ../lib/rung

setup() {
	rung_setup
	OTHER=${TEST_DATABASE}_other
	database_create "$(server_url main)" "$OTHER"
	OTHER_URL=$(server_url main "$OTHER")
}

# What both ways must agree on; times, durations, hashes and run ids are one run's own.
left_behind() {
	dump_schema "$1"
	pg_dump --data-only --inserts -T '*.schema_version*' -d "$1" |
		sed -e '/^--/d' -e '/^$/d' -e '/^SET /d' -e '/^SELECT pg_catalog.set_config/d' -e '/^\\/d'
	psql -XAtq -v ON_ERROR_STOP=1 -d "$1" <<-'SQL'
		select version, description, name, checksum, state, statements_done, applied_by, applied_from,
		       tool_version, backup, rollback_sql, rollback_checksum, applied_at is not null
		  from schema_version order by version;
		select id, action, outcome, version, name, checksum, sqlstate, error, db_user, os_user, host, tool_version
		  from schema_version_log order by id;
		select count(*) from schema_version_step;
	SQL
}

# as_script VERB ARGS… - prints the script for the other database and lets psql run it there.
as_script() {
	local verb=$1
	shift
	DATABASE_URL=$OTHER_URL run_rung "$verb" --sql "$@"
	assert_status 0
	printf '%s\n' "$output" >script.sql
	output=
	# From elsewhere: anyone who gets the script is somewhere else.
	said=$(cd "${FROM:-/}" && psql -Xq -d "$OTHER_URL" -f "$PROJECT/script.sql" 2>&1) || fail "psql: $said"
}

assert_same() {
	assert_equal "$(left_behind "$OTHER_URL")" "$(left_behind "$DATABASE_URL")" "psql and rung differ"
	DATABASE_URL=$OTHER_URL run_rung check
	assert_status "${1:-0}"
	DATABASE_URL=$OTHER_URL run_rung log --verify
	assert_status 0
}

a_zoo() {
	migration 01_users <<-'SQL'
		create table users (id int primary key, name text default 'it''s');
		create function greet(text) returns text language plpgsql as $$ begin return 'hi; ' || $1; end $$;
		comment on table users is E'a\\b \'quoted\' — ünï';
	SQL
	rollback_of 01_users <<-'SQL'
		drop function greet(text);
		drop table users; -- it's gone
	SQL
	migration 02_rows <<-'SQL'
		COPY users (id, name) FROM stdin;
		1	one
		2	t\tab
		3	\N
		\.
		insert into users values (4, 'semi;colon');
	SQL
	rollback_of 02_rows <<<'delete from users;'
	migration 03_set <<-'SQL'
		\set table 'odd name'
		\set text 'it''s'
		\echo making :table
		\echo 'it''s a back\\slash'
		create table :"table" (note text default :'text');
		\if :{?nothing}
		create table never ();
		\else
		\ir parts/view.sql
		\endif
		set search_path = pg_catalog;
	SQL
	rollback_of 03_set <<<'drop view v; drop table "odd name";'
	mkdir schema/parts
	echo 'create view v as select count(*) from users;' >schema/parts/view.sql
	migration 04_file <<-'SQL'
		create table numbers (a int, b text);
		\copy numbers from schema/numbers.csv with (format csv, header)
		\copy numbers (a) from 'schema/it''s more.txt'
	SQL
	rollback_of 04_file <<<'drop table numbers;'
	printf 'a,b\n1,"x, y"\n2,\n' >schema/numbers.csv
	printf '7\n8\n' >"schema/it's more.txt"
	migration 05_own <<-'SQL'
		begin;
		create table one (id int);
		commit;
	SQL
	rollback_of 05_own <<<'drop table one;'
	migration 06_last <<-'SQL'
		create table two (id int) ; insert into two values (1)\; insert into two values (2);
		select 'a result nobody wants';
	SQL
	rollback_of 06_last <<<'drop table two;'
}

@test "upgrade on an empty database" {
	a_zoo
	as_script upgrade
	contains "$said" "making odd name" || fail "not echoed: $said"
	contains "$said" "it's a back\\slash" || fail "not echoed: $said"
	run_rung upgrade
	assert_status 0
	assert_same
}

@test "downgrade from there" {
	a_zoo
	run_rung upgrade
	DATABASE_URL=$OTHER_URL run_rung upgrade
	as_script downgrade 2
	run_rung downgrade 2 --force
	assert_status 0
	assert_same 3
	as_script downgrade base
	run_rung downgrade base --force
	assert_same 3
	assert_equal "$(dump_schema "$OTHER_URL")" ""
}

@test "nontransactional files" {
	migration 01_t <<<'create table t (id int, n int); insert into t select g, g from generate_series(1, 10) g;'
	rollback_of 01_t <<<'drop table t;'
	migration 02_index <<<'create index concurrently idx_t_id on t (id);'
	rollback_of 02_index <<<'drop index concurrently idx_t_id;'
	migration 03_steps <<-SQL
		-- rung: transaction: none
		create table one (id int);
		vacuum t;
		begin;
		insert into one values (1);
		commit;
	SQL
	rollback_of 03_steps <<<'drop table one;'
	as_script upgrade
	run_rung upgrade
	assert_status 0
	assert_same

	as_script downgrade base
	run_rung downgrade base --force
	assert_same 3
}

@test "in one transaction, all or nothing" {
	a_zoo
	as_script upgrade --single-transaction
	run_rung upgrade --single-transaction
	assert_status 0
	assert_same

	migration 07_bad <<<'create table seven (id int); select nonsense;'
	DATABASE_URL=$OTHER_URL run_rung upgrade --sql
	printf '%s\n' "$output" >script.sql
	output=
	run psql -Xq -d "$OTHER_URL" -f script.sql
	[ "$status" -eq 3 ]
	DATABASE_URL=$OTHER_URL assert_sql "select count(*), to_regclass('seven') is null from schema_version" "6|t"
}

@test "only what is pending" {
	a_zoo
	run_rung upgrade 2
	DATABASE_URL=$OTHER_URL run_rung upgrade 2
	as_script upgrade 5
	run grep -c 'create table users' script.sql
	assert_equal "$output" 0
	run_rung upgrade 5
	assert_same 3
}

@test "nothing to do is an empty script" {
	migration 01_users <<<'create table users (id int);'
	run_rung upgrade
	run_rung upgrade --sql
	assert_status 0
	assert_output ""
}

@test "files that run again when edited" {
	printf '[files]\non_change = reapply\n' >rung.ini
	migration 01_users <<<'create table if not exists users (id int);'
	rollback_of 01_users <<<'drop table users;'
	run_rung upgrade
	DATABASE_URL=$OTHER_URL run_rung upgrade
	echo 'alter table users add column if not exists name text;' >>schema/01_users.sql
	as_script upgrade
	run_rung upgrade
	assert_same
}

@test "without any database the script is for an empty one" {
	a_zoo
	env -u DATABASE_URL "$RUNG" upgrade --sql >script.sql
	(cd / && psql -Xq -d "$OTHER_URL" -f "$PROJECT/script.sql" >/dev/null)
	run_rung upgrade
	assert_same

	DATABASE_URL=mysql://host/db run_rung upgrade --sql
	assert_status 2
	unset DATABASE_URL
	run_rung downgrade --sql
	assert_status 2
	assert_errors_contain "no database is named"
	run_rung upgrade
	assert_status 2
	assert_errors_contain "no database is named"
}

@test "printing touches nothing and takes no lock" {
	a_zoo
	assert_refused 0 upgrade --sql
	run_rung upgrade 3
	assert_refused 0 upgrade --sql
	assert_refused 0 downgrade --sql
	sql "begin; select pg_advisory_lock_shared(1); lock schema_version in access share mode" >/dev/null
	assert_refused 0 upgrade --sql
}

@test "a history elsewhere" {
	migration 01_users <<<'create table users (id int);'
	rollback_of 01_users <<<'drop table users;'
	sql 'create schema "Ops"'
	run_rung upgrade --sql --history-table '"Ops"."the versions"'
	assert_status 0
	printf '%s\n' "$output" >script.sql
	output=
	psql -Xq -d "$DATABASE_URL" -f script.sql
	assert_sql 'select version, name from "Ops"."the versions"' "1|01_users"
	assert_sql "select to_regclass('public.schema_version') is null" t
}

@test "text that must not be misread by psql: backslashes, colons, quotes, variables" {
	migration 01_odd <<-'SQL'
		create table odd (a text, b timestamptz, c int[]);
		insert into odd values ('\d not a command :not_a_variable', '2024-01-01 10:00:00+00'::timestamptz, '{1,2}');
		insert into odd values (E'\\set x', now() - now() + '2024-01-01'::timestamptz, (array[1,2,3])[1:2]);
		insert into odd values ($a$ :'x' \gexec $b$ $a$, null, null);
		\set x 'a :y b'
		insert into odd values (:'x', null, null);
	SQL
	rollback_of 01_odd <<-'SQL'
		drop table odd; -- :'x' it's \d
	SQL
	as_script upgrade
	run_rung upgrade
	assert_status 0
	assert_same
}
