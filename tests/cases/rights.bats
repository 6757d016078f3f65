# What a role that is no superuser can restore, and being told before anything is made.

load ../lib/rung
load ../lib/backup

setup() {
	rung_setup
	backup_setup
	fresh_database
	DEPLOYER=deployer_$TEST_DATABASE
	sql "create role \"$DEPLOYER\" login createdb; alter database \"$TEST_DATABASE\" owner to \"$DEPLOYER\"" >/dev/null
	DEPLOYER_URL=$(sed "s|//[^/@]*@|//$DEPLOYER@|" <<<"$DATABASE_URL")
}

teardown() {
	sql "drop database if exists \"$FRESH\"" 2>/dev/null
	sql "alter database \"$TEST_DATABASE\" owner to postgres; reassign owned by \"$DEPLOYER\" to postgres; drop owned by \"$DEPLOYER\"; drop role \"$DEPLOYER\"" >/dev/null 2>&1
	backup_teardown
	rung_teardown
}

as_deployer() { psql -XAtq -v ON_ERROR_STOP=1 -d "$DEPLOYER_URL" -c "$1"; }
in_fresh() { psql -XAtq -d "$FRESH_URL" -c "$1"; }
databases() { sql "select count(*) from pg_database where datname = '$FRESH'"; }

# pg_restore alone, as the deployer into a database of its own: whether it gets through.
can_really_restore() {
	sql "create database \"$FRESH\" template template0 owner \"$DEPLOYER\""
	age -d -i "$IDENTITY" "$(object_of "$(newest_backup)")" | zstd -dq >archive
	"$(server_bindir)/pg_restore" -1 -e --no-owner -d "$(url_of_database "$DEPLOYER_URL" "$FRESH")" archive >said 2>&1
	local code=$?
	sql "drop database \"$FRESH\""
	return $code
}

# refused KIND WORDS <<SQL - what the superuser makes here the deployer is told of, and may leave out.
refused() {
	command -v age >/dev/null && command -v zstd >/dev/null || skip "age and zstd are not installed"
	sql
	run_rung backup
	assert_status 0
	run_rung restore latest --into "$FRESH" --database-url "$DEPLOYER_URL" --no-owner
	assert_status 5
	assert_errors_contain "the role \"$DEPLOYER\" cannot restore all of the backup on this server"
	assert_errors_contain "$2"
	assert_errors_contain "--skip $1"
	assert_errors_contain "No database was created or changed"
	assert_equal "$(databases)" 0
	if can_really_restore; then fail "pg_restore could have restored it"; fi
	run_rung restore latest --into "$FRESH" --database-url "$DEPLOYER_URL" --no-owner --skip "$1"
	assert_status 0
	assert_errors_contain "left out: "
	assert_equal "$(in_fresh "select count(*) from kept")" 2
}

@test "an extension that is not trusted, and what hangs on it" {
	refused extensions "extension \"pg_stat_statements\": only a superuser may create it, it is not a trusted one" <<-'SQL'
		create extension pg_stat_statements; create extension citext; create table kept as select 1 as id union select 2;
		create view busy as select query from pg_stat_statements; comment on view busy is 'hangs on it';
		alter table kept add mail citext;
	SQL
	assert_errors_contain 'view "public.busy"'
	assert_equal "$(in_fresh "select extname from pg_extension where extname in ('citext', 'pg_stat_statements')")" citext
}

@test "event triggers" {
	refused event-triggers 'event trigger "watching": only a superuser may create it' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create function watch() returns event_trigger language plpgsql as $$ begin end $$;
		create event trigger watching on ddl_command_end execute function watch(); comment on event trigger watching is 'it';
	SQL
}

@test "publications of everything; one of a table is the owner's to make" {
	refused publications 'publication "everything": only a superuser may create one for all tables' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create publication everything for all tables; create publication one for table kept;
	SQL
	refute_errors_contain '"one": only'
}

@test "functions in C and internal ones, and those that claim not to leak" {
	refused functions 'function "public.secure(integer)": only a superuser may create a leakproof one' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create function inner_one(text) returns text language internal strict as 'textin';
		create function secure(int) returns int language sql leakproof as 'select $1';
		create function fine(int) returns text language sql as $$ select ' LEAKPROOF  LANGUAGE c ' $$;
		create aggregate gathered(anynonarray) (sfunc = array_agg_transfn, stype = internal, finalfunc = array_agg_finalfn, finalfunc_extra);
	SQL
	assert_errors_contain 'function "public.inner_one(text)"'
	assert_errors_contain 'aggregate "public.gathered(anynonarray)"'
	assert_equal "$(in_fresh "select fine(1)")" " LEAKPROOF  LANGUAGE c "
}

@test "casts between other people's types" {
	refused casts 'only a superuser may create one without a function' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create type mood as enum ('sad'); create cast (mood as int) with inout;
		create cast (bytea as text) without function;
	SQL
	assert_equal "$(in_fresh "select count(*) from pg_cast where oid >= 16384")" 1
}

@test "operator classes" {
	refused operators 'operator class "public.backwards": only a superuser may create it' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create operator class backwards for type int4 using btree as operator 1 >, operator 5 <, function 1 btint4cmp(int4, int4);
	SQL
}

@test "base types" {
	refused functions,types 'type "public.raw": only a superuser may create a base type' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create type raw; create function raw_in(cstring) returns raw language internal strict as 'textin';
		create function raw_out(raw) returns cstring language internal strict as 'textout';
		create type raw (input = raw_in, output = raw_out);
	SQL
}

@test "foreign-data wrappers and their servers" {
	refused foreign-data 'foreign data wrapper "wrapper": only a superuser may create it' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create foreign data wrapper wrapper; create server far foreign data wrapper wrapper;
	SQL
	assert_errors_contain 'server "far"'
}

@test "parsers and templates of text search" {
	refused text-search 'text search template "public.plainly": only a superuser may create it' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create text search template plainly (init = dsimple_init, lexize = dsimple_lexize);
		create text search parser words (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
	SQL
}

@test "access methods" {
	refused access-methods 'access method "heap2": only a superuser may create it' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create access method heap2 type table handler heap_tableam_handler;
	SQL
}

@test "subscriptions" {
	refused subscriptions 'subscription "follows": only a superuser' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create subscription follows connection 'host=nowhere' publication p with (connect = false, slot_name = none);
	SQL
	sql "drop subscription follows"
}

@test "languages that are no extension's" {
	refused languages 'procedural language "plx": only a superuser may create it' <<-'SQL'
		create table kept as select 1 as id union select 2;
		create trusted language plx handler plpgsql_call_handler inline plpgsql_inline_handler validator plpgsql_validator;
	SQL
}

@test "a comment on the schema public, which is the superuser's before 15" {
	server_start_other 14
	fresh_database
	sql "create role \"$DEPLOYER\" login createdb; alter database \"$TEST_DATABASE\" owner to \"$DEPLOYER\""
	DEPLOYER_URL=$(sed "s|//[^/@]*@|//$DEPLOYER@|" <<<"$DATABASE_URL")
	refused comments 'comment "SCHEMA public": the schema is not the role'"'"'s own' <<-'SQL'
		create table kept as select 1 as id union select 2; comment on schema public is 'ours';
	SQL
}

# The words come from the program: a new kind fails here until there is a test of it above.
@test "every kind that --skip knows has a test" {
	local kind
	run_rung backup
	run_rung restore latest --into "$FRESH" --skip nothing
	sed -n 's/^HINT: It knows \(.*\)\.$/\1/p' <<<"$errors" | tr ',' '\n' >kinds
	[ "$(wc -l <kinds)" -gt 10 ]
	while read -r kind; do
		grep -qE "(refused|--skip) ([a-z-]+,)*$kind\b" "$BATS_TEST_FILENAME" || fail "no test of --skip $kind"
	done <kinds
}

@test "settings of the database that only a superuser may change" {
	sql "create table kept as select 1 as id union select 2; alter database \"$TEST_DATABASE\" set log_min_duration_statement to '1s';
		alter database \"$TEST_DATABASE\" set work_mem to '5MB'; alter role postgres in database \"$TEST_DATABASE\" set work_mem to '6MB'"
	run_rung backup
	run_rung restore latest --into "$FRESH" --database-url "$DEPLOYER_URL" --no-owner
	assert_status 5
	assert_errors_contain 'setting "log_min_duration_statement": this role may not change it'
	assert_errors_contain "setting \"work_mem\": it is another role's"
	assert_equal "$(databases)" 0
	run_rung restore latest --into "$FRESH" --database-url "$DEPLOYER_URL" --no-owner --skip settings
	assert_status 0
	assert_sql "select unnest(setconfig) from pg_db_role_setting s join pg_database d on d.oid = setdatabase where datname = '$FRESH'" "work_mem=5MB"
}

@test "owners, grants by others, and schemas whose owner is somebody else" {
	sql "create table kept as select 1 as id union select 2; create role \"other_$TEST_DATABASE\"; grant \"other_$TEST_DATABASE\" to \"$DEPLOYER\";
		create schema theirs authorization \"$DEPLOYER\"; create table theirs.t (id int); alter table theirs.t owner to \"other_$TEST_DATABASE\";
		grant select on kept to \"other_$TEST_DATABASE\" with grant option; set role \"other_$TEST_DATABASE\"; grant select on kept to public;
		reset role; alter default privileges for role postgres grant select on tables to public"
	run_rung backup
	run_rung restore latest --into "$FRESH" --database-url "$DEPLOYER_URL"
	first=$status said=$errors
	run_rung restore latest --into "$FRESH" --database-url "$DEPLOYER_URL" --no-owner --no-acl
	second=$status
	sql "drop database if exists \"$FRESH\""
	sql "drop schema theirs cascade; drop owned by \"other_$TEST_DATABASE\" cascade; drop role \"other_$TEST_DATABASE\""
	errors=$said
	assert_equal "$first/$second" 5/0
	assert_errors_contain "what belongs to \"postgres\", default privileges of \"postgres\": \"$DEPLOYER\" must be able to SET ROLE to the owner"
	assert_errors_contain "what belongs to \"other_$TEST_DATABASE\" in the schema \"theirs\": only a superuser may give things"
	assert_errors_contain 'acl "public.TABLE kept": only a superuser may grant as another role'
	assert_errors_contain "--no-owner --no-acl"
}

@test "what a table needs is not left out" {
	sql "create function raw_fn(int) returns bool language sql leakproof immutable as 'select true'; create table needy (id int check (raw_fn(id)))"
	run_rung backup
	run_rung restore latest --into "$FRESH" --database-url "$DEPLOYER_URL" --no-owner --skip functions
	assert_status 2
	assert_errors_contain 'cannot leave out the function "public.raw_fn(integer)": the table "public.needy" needs it'
	assert_equal "$(databases)" 0
}

# Everything a plain role may have; nothing in it is refused.
@test "what the deployer may make comes back, owners and all" {
	as_deployer "create extension citext; create schema mine; create type mood as enum ('sad'); create domain positive as int check (value > 0);
		create table mine.t (id serial primary key, mail citext, mood mood, n positive); insert into mine.t (mail) values ('a'), ('b');
		create view v as select * from mine.t; create materialized view m as select 1 as one; create index on mine.t (mail);
		create function f() returns trigger language plpgsql as \$\$ begin return new; end \$\$; create trigger f before update on mine.t for each row execute function f();
		create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0'); create operator === (leftarg = int, rightarg = int, function = int4eq);
		create cast (mood as int) with inout; create publication p for table mine.t; create text search configuration w (copy = simple);
		create statistics s on id, n from mine.t; alter default privileges grant select on tables to public; comment on schema mine is 'mine';
		grant select on mine.t to public; create collation c (locale = 'C'); select lo_from_bytea(0, 'x'); create procedure pr() language sql as '';
		create rule r as on delete to v do instead nothing; alter table mine.t enable row level security; create policy y on mine.t using (true)" >/dev/null
	run_rung backup --database-url "$DEPLOYER_URL"
	assert_status 0
	refute_errors_contain "could not restore"
	run_rung restore latest --into "$FRESH" --database-url "$DEPLOYER_URL" --json
	assert_status 0
	assert_equal "$(jq -r 'select(.type == "restore").catalog' <<<"$output")" equal
	run_rung verify-backup latest --drill --as-role "$DEPLOYER"
	assert_status 0
	assert_output_contains "restored and compared as \"$DEPLOYER\""
}

@test "a backup warns on the day it is made, and a drill as the role finds the same" {
	sql "create extension pg_stat_statements; create table kept as select 1 as id; alter table kept owner to \"$DEPLOYER\""
	run_rung backup --database-url "$DEPLOYER_URL"
	assert_status 0
	assert_errors_contain "the role \"$DEPLOYER\" could not restore this backup here: extension \"pg_stat_statements\""
	assert_errors_contain "(--skip extensions)"
	run_rung verify-backup latest --drill
	assert_status 0
	run_rung verify-backup latest --drill --as-role "$DEPLOYER"
	assert_status 5
	assert_errors_contain "the role \"$DEPLOYER\" cannot restore all of the backup"
	run_rung verify-backup latest --drill --as-role "$DEPLOYER" --skip extensions
	assert_status 0
	run_rung verify-backup latest --as-role "$DEPLOYER"
	assert_status 2
	assert_errors_contain "--as-role requires --drill"
	run_rung verify-backup latest --drill --as-role postgres
	assert_status 2
	sql "alter role \"$DEPLOYER\" nocreatedb"
	next_second
	run_rung backup --database-url "$DEPLOYER_URL"
	assert_status 0
	assert_errors_contain "the role may not create databases (CREATEDB)"
}

@test "words that --skip does not know are named, with those it does" {
	run_rung backup
	assert_refused 2 restore latest --into "$FRESH" --skip event-triggers,tables
	assert_errors_contain '--skip does not know "tables"'
	assert_errors_contain "event-triggers,extensions"
	assert_refused 2 restore latest --into "$FRESH" --skip ''
}

@test "several jobs leave out the same, and a superuser may leave out what it could make" {
	sql "create table kept as select 1 as id union select 2; create publication p for all tables;
		create function watch() returns event_trigger language plpgsql as 'begin end'; create event trigger w on ddl_command_end execute function watch()"
	run_rung backup
	run_rung restore latest --into "$FRESH" --jobs 2 --skip publications,event-triggers
	assert_status 0
	assert_equal "$(in_fresh "select count(*), (select count(*) from pg_publication), (select count(*) from pg_event_trigger) from kept")" "2|0|0"
}
