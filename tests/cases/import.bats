# import: projects of other tools, files and history.

load ../lib/rung
load ../lib/import

applied() { sql "select string_agg(name, ' ' order by version) from schema_version"; }
files_here() { (cd "$1" && find . -name '*.sql' | sed 's|^\./||' | sort | paste -sd' '); }

# What was imported goes down and up again from nothing, on a second database.
assert_replays() {
	local own=$DATABASE_URL
	server_use main
	run_rung upgrade "$@"
	assert_status 0
	assert_equal "$(schema_of_theirs "$DATABASE_URL")" "$(schema_of_theirs "$own")" "the imported files make another schema"
	DATABASE_URL=$own
}

schema_of_theirs() {
	dump_schema "$1" | awk '/^CREATE (TABLE|SEQUENCE|SCHEMA)|^ALTER |^COMMENT/ && /alembic_version|schema_migrations|goose_db_version|flyway_schema_history|sqitch|rung_version|public.schema_version/ { skip = 1 } !skip { print } /;$/ { skip = 0 }'
}

# --- golang-migrate -------------------------------------------------------------

golang_applied() {
	sql "$(cat migrations/000001*.up.sql migrations/000002*.up.sql)"
	sql "create table schema_migrations (version bigint not null primary key, dirty boolean not null);
	     insert into schema_migrations values (2, ${1:-false})"
}

@test "golang-migrate: pairs, history, and on from there" {
	golang_project
	golang_applied
	run_rung import golang-migrate --dry-run
	assert_status 0
	assert_output_contains "would create schema/000001_create_users.sql"
	assert_output_contains "3 migrations of golang-migrate, 2 of them applied"
	assert_equal "$(files_here schema)" ""
	run_rung import golang-migrate
	assert_status 0
	assert_output_contains "imported from golang-migrate: 3 migrations, 2 recorded as applied"
	assert_equal "$(files_here schema)" "000001_create_users.sql 000002_add_sessions.sql 000003_sessions_index.sql"
	assert_equal "$(files_here rollback)" "rollback_000001_create_users.sql rollback_000002_add_sessions.sql"
	grep -q "irreversible: golang-migrate had no down file" schema/000003_sessions_index.sql
	assert_equal "$(applied)" "000001_create_users 000002_add_sessions"
	assert_sql "select * from schema_migrations" "2|f"
	assert_sql "select string_agg(distinct action, ' ') from schema_version_log" import
	run_rung check --offline
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from pg_indexes where indexname = 'sessions_user'" 1
	assert_replays
}

@test "a history that runs somebody's code when it is read, or that policies hide, is not read" {
	golang_project
	golang_applied
	sql "alter table schema_migrations rename to kept;
	     create function called() returns bigint language plpgsql as \$\$ begin raise exception 'it was called'; end \$\$;
	     create view schema_migrations as select called() as version, false as dirty"
	run_rung import golang-migrate --dry-run
	assert_status 2
	assert_errors_contain 'cannot read "public.schema_migrations" as the history of golang-migrate: it is not a table'
	refute_errors_contain "it was called"
	sql "drop view schema_migrations; create type own as enum ('2');
	     create table schema_migrations (version own, dirty boolean); insert into schema_migrations values ('2', false)"
	run_rung import golang-migrate --dry-run
	assert_status 2
	assert_errors_contain 'it has a column "version" of the type own'
	sql "drop table schema_migrations; alter table kept rename to schema_migrations;
	     alter table schema_migrations enable row level security, force row level security;
	     create role reader login; grant select on schema_migrations to reader"
	DATABASE_URL=${DATABASE_URL/postgres@/reader@} run_rung import golang-migrate --dry-run
	[ "$status" -ne 0 ] || fail "an empty history was taken for the truth"
	assert_errors_contain "row-level security"
	assert_equal "$(files_here schema)" ""
}

@test "golang-migrate: a dirty database is refused, and nothing is written" {
	golang_project
	golang_applied true
	assert_refused 2 import golang-migrate migrations
	assert_output_contains "is marked dirty: repair it"
	assert_equal "$(files_here schema)" ""
}

@test "everything that cannot be converted is listed at once" {
	golang_project
	echo 'select 1; \gset' >migrations/000004_psql.up.sql
	echo 'select 1;' >migrations/000005_orphan.down.sql
	printf "create table t (id int);\ncreate index concurrently i on t (id);\n" >migrations/000006_mixed.up.sql
	printf 'create table u (id int);\ncreate table' >migrations/000007_half.up.sql
	assert_refused 2 import golang-migrate
	assert_errors_contain "4 problems"
	assert_output_contains "000004_psql.up.sql"
	assert_output_contains "000005_orphan.down.sql"
	assert_output_contains "000006_mixed.up.sql"
	assert_output_contains "000007_half.up.sql:2: ends in the middle of a statement"
	assert_equal "$(files_here schema)" ""
}

@test "importing again takes the history of a further database over" {
	golang_project
	golang_applied
	run_rung import golang-migrate
	assert_status 0
	server_use main
	golang_applied
	run_rung import golang-migrate
	assert_status 0
	assert_output "imported from golang-migrate: 3 migrations, 2 recorded as applied"
	assert_equal "$(applied)" "000001_create_users 000002_add_sessions"
	run_rung import golang-migrate
	assert_output_contains "2 applied, all of them recorded before"
	echo '-- edited' >>schema/000001_create_users.sql
	run_rung import golang-migrate
	assert_status 2
	assert_output_contains "schema/000001_create_users.sql"
	assert_output_contains "exists already, with another text"
}

@test "numbers that are taken, and the orchestrator" {
	golang_project
	migration 01_mine <<<'select 1;'
	run_rung import golang-migrate --files-only
	assert_status 2
	assert_output_contains "would be 000001_create_users, but schema/01_mine.sql has that number"
	rm schema/01_mine.sql
	echo '-- by hand' >schema/00_master_schema.sql
	run_rung import golang-migrate --files-only
	assert_status 0
	assert_equal "$(cat schema/00_master_schema.sql)" "-- by hand
\\ir 000001_create_users.sql
\\ir 000002_add_sessions.sql
\\ir 000003_sessions_index.sql"
	assert_output_contains "imported from golang-migrate: 3 migrations, none recorded as applied: no database was asked"
	assert_sql "select to_regclass('schema_version') is null" t
	run_rung import golang-migrate
	assert_status 0
	assert_equal "$(grep -c 'nothing to import' <<<"$errors")" 1
	assert_output_contains "none recorded as applied: the database holds no history of them"
}

@test "without a database the files alone" {
	unset DATABASE_URL
	golang_project
	run_rung import golang-migrate
	assert_status 0
	assert_errors_contain "no database is configured"
	[ -f schema/000001_create_users.sql ]
}

# --- dbmate ------------------------------------------------------------------------

dbmate_applied() {
	sql "create table users (id serial primary key, name varchar(255));
	     create function hello() returns text language sql as \$\$ select 'up; -- migrate:nothing'; \$\$"
	sql "create index concurrently users_name on users (name)"
	sql "create table schema_migrations (version varchar(128) primary key);
	     insert into schema_migrations values ('20240101120000'), ('20240201120000')"
}

@test "dbmate: sections become pairs, options directives" {
	dbmate_project
	dbmate_applied
	run_rung import dbmate
	assert_status 0
	assert_equal "$(applied)" "20240101120000_create_users 20240201120000_index"
	grep -q "^-- rung: transaction: none" schema/20240201120000_index.sql
	grep -q "^-- rung: transaction: none" rollback/rollback_20240201120000_index.sql
	grep -q "irreversible: dbmate had nothing below migrate:down" schema/20240301120000_first_user.sql
	run_rung check --offline
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_sql "select name from users" first
	assert_replays
}

@test "dbmate: goes down with what it brought" {
	dbmate_project
	rm db/migrations/20240301120000_first_user.sql
	dbmate_applied
	run_rung import dbmate
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select to_regclass('users') is null" t
}

@test "dbmate: what is not of its form" {
	mkdir -p db/migrations
	echo 'create table a (id int);' >db/migrations/1_nothing.sql
	printf -- '-- migrate:down\nselect 1;\n-- migrate:up\nselect 1;\n' >db/migrations/2_order.sql
	printf -- '-- migrate:up wait:5\nselect 1;\n' >db/migrations/3_option.sql
	assert_refused 2 import dbmate
	assert_output_contains "1_nothing.sql"
	assert_output_contains "2_order.sql:3"
	assert_output_contains "3_option.sql:1"
}

@test "dbmate: the table of golang-migrate, called the same, is not taken for its own" {
	dbmate_project
	sql "create table schema_migrations (version bigint primary key, dirty boolean not null);
	     insert into schema_migrations values (20240201120000, false)"
	assert_refused 2 import dbmate
	assert_output_contains "is a row of golang-migrate"
}

# --- goose -------------------------------------------------------------------------

goose_applied() {
	sql "CREATE TABLE post (id int NOT NULL, title text, PRIMARY KEY (id));
	     CREATE FUNCTION touch() RETURNS trigger AS \$\$
BEGIN
    NEW.title := upper(NEW.title);
    RETURN NEW;
END;
\$\$ LANGUAGE plpgsql"
	sql "CREATE INDEX CONCURRENTLY post_title ON post (title)"
	sql "create table goose_db_version (id serial primary key, version_id bigint not null, is_applied boolean not null,
	     tstamp timestamp default now());
	     insert into goose_db_version (version_id, is_applied, tstamp) values
	     (0, true, '2024-01-01'), (1, true, '2024-01-02 03:04:05'), (2, true, '2024-01-03'), (3, true, '2024-01-04'),
	     (3, false, '2024-01-05')"
}

@test "goose: annotations, dates, and what was taken back" {
	goose_project
	goose_applied
	run_rung import goose
	assert_status 0
	assert_equal "$(applied)" "00001_users 00002_index"
	assert_sql "set timezone = 'UTC'; select applied_at from schema_version where version = 1" "2024-01-02 03:04:05+00"
	run grep -c +goose schema/00001_users.sql
	assert_equal "$output" 0
	run_rung upgrade
	assert_status 0
	assert_replays
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select to_regclass('post') is null" t
}

@test "goose: Go and values from the environment are refused" {
	goose_project
	echo 'package migrations' >migrations/00004_data.go
	printf -- '-- +goose Up\n-- +goose ENVSUB ON\nselect 1;\n' >migrations/00005_env.sql
	assert_refused 2 import goose
	assert_output_contains "00004_data.go"
	assert_output_contains "is written in Go"
	assert_output_contains "00005_env.sql:2"
}

# --- Flyway ------------------------------------------------------------------------

@test "flyway: versions, undo scripts and repeatable ones" {
	flyway_project
	flyway_applied
	run_rung import flyway
	assert_status 0
	assert_equal "$(files_here schema)" "1_Create_person.sql 2_Add_people.sql 901_Names_view.sql"
	assert_equal "$(files_here rollback)" "rollback_1_Create_person.sql"
	assert_equal "$(applied)" "1_Create_person 2_Add_people 901_Names_view"
	run_rung check
	assert_status 0
	grep -qxF -e '-- rung: order: last' schema/901_Names_view.sql
	run_rung heads
	assert_output 2_Add_people
	run_rung current
	assert_output 2_Add_people
	# The next version comes before it, in number and in time.
	run_rung create later
	assert_output_contains "created schema/3_later.sql"
	echo 'alter table person add column later text;' >>schema/3_later.sql
	echo 'alter table person drop column later;' >>rollback/rollback_3_later.sql
	sed -i 's/FROM/, later FROM/' schema/901_Names_view.sql
	run_rung upgrade
	assert_status 0
	assert_output_matches "3_later.*901_Names_view"
	assert_replays
	run_rung upgrade
	assert_output_contains "the database is at 3_later"
	run_rung check
	assert_status 0
}

@test "flyway: an edited repeatable script is still to be run, an edited version is refused" {
	flyway_project
	flyway_applied
	echo 'CREATE OR REPLACE VIEW names AS SELECT name, id FROM person;' >sql/R__Names_view.sql
	run_rung import flyway
	assert_status 0
	assert_equal "$(applied)" "1_Create_person 2_Add_people"
	run_rung upgrade
	assert_status 0
	assert_sql "select * from names" "Axel|1"
	rm schema/* rollback/*
	echo '-- edited' >>sql/V2__Add_people.sql
	assert_refused 2 import flyway
	assert_output_contains "sql/V2__Add_people.sql"
	assert_output_contains "was changed after Flyway applied it"
}

@test "flyway: dotted versions are mapped, aloud; a baseline counts" {
	mkdir sql
	echo 'create table a (id int);' >sql/V1.2__A.sql
	echo 'create table b (id int);' >sql/V1_10__B.sql
	echo 'create table c (id int);' >sql/V1.9.3__C.sql
	flyway_table
	flyway_row 1 "'1.9.3'" BASELINE "baseline" "baseline" null
	run_rung import flyway
	assert_status 0
	assert_errors_contain "version 1.10 becomes 03"
	assert_equal "$(files_here schema)" "01_A.sql 02_C.sql 03_B.sql"
	assert_equal "$(applied)" "01_A 02_C"
}

@test "flyway: placeholders, callbacks and failures are refused" {
	flyway_project
	flyway_table
	flyway_row 1 "'1'" SQL V1__Create_person.sql "Create person" "$(crc sql/V1__Create_person.sql)" false
	printf 'select 1;\ncreate table ${prefix}_x (id int);\n' >sql/V3__Placeholder.sql
	echo 'select 1;' >sql/beforeMigrate.sql
	assert_refused 2 import flyway
	assert_output_contains "V3__Placeholder.sql:2"
	assert_output_contains "beforeMigrate.sql"
	assert_output_contains "flyway repair"
}

@test "flyway: the table of old, called as ours is" {
	flyway_project
	sql "$(cat sql/V1__Create_person.sql)"
	flyway_table schema_version
	table=schema_version flyway_row 1 "'1'" SQL V1__Create_person.sql "Create person" "$(crc sql/V1__Create_person.sql)"
	run_rung upgrade
	assert_status 2
	assert_errors_contain 'rung import flyway'
	assert_refused 2 import flyway
	assert_errors_contain "--history-table"
	printf '[database]\nhistory_table = public.rung_version\n' >rung.ini
	run_rung import flyway
	assert_status 0
	assert_sql "select name from rung_version" 1_Create_person
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version" 1
}

# --- sqitch ------------------------------------------------------------------------

@test "sqitch: plan, scripts, requires and the registry" {
	sqitch_project
	sqitch_applied
	run_rung import sqitch
	assert_status 0
	assert_errors_contain "verify/"
	assert_equal "$(files_here schema)" "01_appschema.sql 02_users.sql 03_flips.sql"
	assert_equal "$(applied)" "01_appschema 02_users"
	grep -q "^-- rung: requires: 01, 02$" schema/03_flips.sql
	run_rung check --offline
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_replays
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select count(*) from pg_namespace where nspname = 'flipr'" 0
}

@test "sqitch: rework, conflicts, other projects and variables are refused" {
	sqitch_project
	cat >>sqitch.plan <<-PLAN
		users [users@v1.0.0] 2024-02-01T12:00:00Z A Person <person@example.org> # Again.
		extra [!flips other:thing] 2024-02-01T12:00:00Z A Person <person@example.org>
	PLAN
	printf 'create table :schema.t (id int);\n' >deploy/extra.sql
	assert_refused 2 import sqitch
	assert_output_contains "reworked"
	assert_output_contains "!flips"
	assert_output_contains "other:thing"
	assert_output_contains "has a variable of psql: :schema"
}

# --- tern --------------------------------------------------------------------------

@test "tern: one line between up and down, and a table called as ours" {
	tern_project
	sql "create table people (id serial primary key, name varchar not null);
	     create table schema_version (version int4 not null); insert into schema_version values (1)"
	run_rung upgrade
	assert_status 2
	assert_errors_contain 'rung import tern'
	assert_refused 2 import tern
	assert_errors_contain 'rung config --set database.history_table public.rung_version'
	run_rung import tern --history-table public.rung_version
	assert_status 0
	assert_sql "select name from rung_version" 001_people
	assert_sql "select * from schema_version" 1
	assert_equal "$(files_here rollback)" "rollback_001_people.sql"
	run_rung upgrade --history-table public.rung_version
	assert_status 0
	assert_replays --history-table public.rung_version
}

@test "tern: templates are refused" {
	tern_project
	echo 'create table {{.prefix}}_x (id int);' >migrations/003_template.sql
	assert_refused 2 import tern migrations
	assert_output_contains "003_template.sql:1"
}

# --- Alembic -----------------------------------------------------------------------

# alembic_at REVISION - a database that Alembic brought there.
alembic_at() {
	sed '/^-- Running upgrade 1975ea83b712 ->/,$d' up.sql >first.sql
	echo 'COMMIT;' >>first.sql
	sql "$(cat first.sql)"
	sql "update alembic_version set version_num = '$1'"
}

@test "alembic: a migration a revision, both ways" {
	alembic_output
	mkdir -p alembic/versions
	touch alembic/versions/1975ea83b712_create_account_table.py
	alembic_at 1975ea83b712
	run_rung import alembic up.sql down.sql
	assert_status 0
	assert_equal "$(files_here schema)" "01_create_account_table.sql 02_ae1027a6acf.sql"
	assert_equal "$(files_here rollback)" "rollback_01_create_account_table.sql rollback_02_ae1027a6acf.sql"
	assert_equal "$(applied)" "01_create_account_table"
	run grep -c alembic_version schema/01_create_account_table.sql schema/02_ae1027a6acf.sql rollback/*.sql
	assert_equal "$(grep -cv ':0$' <<<"$output")" 0
	run_rung check --offline
	assert_status 0
	# What people typed so far still names it.
	run_rung show 1975ea83b712
	assert_output_contains "01_create_account_table"
	run_rung upgrade ae1027
	assert_status 0
	assert_sql "select version_num from alembic_version" 1975ea83b712
	assert_replays
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select to_regclass('account') is null" t
}

@test "alembic: revisions that come twice, in a circle, or from nowhere are no script of its own" {
	alembic_output
	alembic_at 1975ea83b712
	cp up.sql once.sql
	sed -n '/^-- Running upgrade 1975ea83b712 ->/,$p' once.sql >rest.sql
	cat once.sql rest.sql >up.sql
	assert_refused 2 import alembic up.sql
	assert_output_contains "holds revision ae1027a6acf a second time"
	{ cat once.sql && sed 's/1975ea83b712/base/g; s/ae1027a6acf/1975ea83b712/g; s/base/ae1027a6acf/g' rest.sql; } >up.sql
	assert_refused 2 import alembic up.sql
	assert_output_contains "holds revision 1975ea83b712 a second time"
	cp rest.sql up.sql
	assert_refused 2 import alembic up.sql
	assert_output_contains "continues from revision 1975ea83b712, which is not above it"
	cp once.sql up.sql
	cp down.sql down_once.sql
	cat down_once.sql down_once.sql >down.sql
	assert_refused 2 import alembic up.sql down.sql
	assert_output_contains "goes down from ae1027a6acf a second time"
}

@test "alembic: without the downgrade, and at an unknown revision" {
	alembic_output
	alembic_at 1975ea83b712
	run_rung import alembic up.sql
	assert_status 0
	grep -q "irreversible: its downgrade stayed with Alembic" schema/02_ae1027a6acf.sql
	rm schema/*
	sql "update alembic_version set version_num = 'feedbeef'"
	assert_refused 2 import alembic up.sql
	assert_output_contains "does not hold feedbeef, which Alembic says is applied"
}

@test "alembic: a merge of two lines takes all that is below with it" {
	cat >up.sql <<-SQL
		-- Running upgrade  -> aaa
		create table a (id int);
		INSERT INTO alembic_version (version_num) VALUES ('aaa') RETURNING alembic_version.version_num;
		-- Running upgrade aaa -> bbb
		create table b (id int);
		UPDATE alembic_version SET version_num='bbb' WHERE alembic_version.version_num = 'aaa';
		-- Running upgrade aaa -> ccc
		create table c (id int);
		INSERT INTO alembic_version (version_num) VALUES ('ccc') RETURNING alembic_version.version_num;
		-- Running upgrade bbb, ccc -> ddd
		create table d (id int);
		DELETE FROM alembic_version WHERE alembic_version.version_num = 'bbb';
		UPDATE alembic_version SET version_num='ddd' WHERE alembic_version.version_num = 'ccc';
		-- Running upgrade ddd -> eee
		create table e (id int);
		UPDATE alembic_version SET version_num='eee' WHERE alembic_version.version_num = 'ddd';
	SQL
	sql "create table alembic_version (version_num varchar(32) primary key); insert into alembic_version values ('ddd')"
	run_rung import alembic up.sql
	assert_status 0
	assert_equal "$(applied)" "01_aaa 02_bbb 03_ccc 04_ddd"
}

@test "alembic: a dump of the schema becomes 01" {
	alembic_output
	alembic_at ae1027a6acf
	sql "create table more (id int primary key, note text default 'a; b')"
	pg_dump --schema-only --no-owner -d "$DATABASE_URL" >dump.sql
	run_rung import alembic dump.sql
	assert_status 0
	assert_equal "$(files_here schema)" "01_initial.sql"
	assert_equal "$(applied)" "01_initial"
	run grep -c "TABLE.*alembic_version" schema/01_initial.sql
	assert_equal "$output" 0
	assert_replays
}

# --- what our files say of theirs ---------------------------------------------------

@test "the same import by another path, or in another checkout, makes the same files" {
	local tool here there
	golang_project
	mkdir other elsewhere
	for tool in golang-migrate dbmate goose flyway sqitch tern alembic; do
		rm -rf migrations db sql deploy revert verify sqitch.plan schema rollback
		"${tool%-migrate}_project"
		here=$(source_of "$tool")
		run_rung import "$tool" $here --files-only
		assert_status 0
		there=$(sed "s|[^ ]*[^ ]|$PROJECT/./&|g" <<<"$here")
		run_rung import "$tool" $there --files-only
		assert_status 0
		refute_output_contains created
		run_rung -C other import "$tool" $(sed 's|[^ ]*[^ ]|../&|g' <<<"$here") --files-only --schema-dir ../schema --rollback-dir ../rollback
		assert_status 0
		refute_output_contains created
		if grep -r "$PROJECT" schema rollback; then fail "the place of the project stands in the files"; fi
	done
}

source_of() {
	case $1 in
	golang-migrate | goose | tern) echo migrations ;;
	dbmate) echo db/migrations ;;
	flyway) echo sql ;;
	sqitch) echo . ;;
	alembic) echo up.sql down.sql ;;
	esac
}

alembic_project() { alembic_output; }

@test "a fault is told of the file and the line it is in" {
	golang_project
	printf -- '-- one\nDROP TABLE sessions;\nVACUUM users;\n' >migrations/000002_add_sessions.down.sql
	run_rung import golang-migrate --files-only
	assert_status 2
	assert_output_contains "migrations/000002_add_sessions.down.sql:3:1: cannot run VACUUM"
	dbmate_project
	printf -- '-- migrate:up\ncreate table a (id int);\n-- migrate:down\n\ndrop table a;\n  \\gset\n' >db/migrations/1_a.sql
	run_rung import dbmate --files-only
	assert_output_contains 'db/migrations/1_a.sql:6:3: the backslash command "\gset" is not supported'
	rm -rf migrations
	goose_project
	printf -- '-- +goose Up\n-- +goose StatementBegin\nselect 1;\n-- +goose StatementEnd\n\\gset\n-- +goose Down\n-- +goose StatementBegin\nselect 1;\n-- +goose StatementEnd\n\\gexec\n' >migrations/00004_x.sql
	run_rung import goose --files-only
	assert_output_contains 'migrations/00004_x.sql:5:1: the backslash command "\gset"'
	assert_output_contains 'migrations/00004_x.sql:10:1: the backslash command "\gexec"'
	rm -rf migrations
	tern_project
	printf 'create table a (id int);\n---- create above / drop below ----\n\ndrop table a;\nVACUUM;\n' >migrations/003_a.sql
	run_rung import tern --files-only
	assert_output_contains 'migrations/003_a.sql:5:1: cannot run VACUUM'
	flyway_project
	printf 'drop table person;\nvacuum;\n' >sql/U1__Create_person.sql
	run_rung import flyway --files-only
	assert_output_contains 'sql/U1__Create_person.sql:2:1: cannot run VACUUM'
	sqitch_project
	printf 'BEGIN;\nDROP TABLE flipr.flips;\nVACUUM;\nCOMMIT;\n' >revert/flips.sql
	run_rung import sqitch --files-only
	assert_output_contains 'revert/flips.sql:3:1: cannot run VACUUM'
	alembic_output
	sed -i 's/^DROP TABLE account;/&\nVACUUM;/' down.sql
	run_rung import alembic up.sql down.sql --files-only
	assert_output_matches "down.sql:$(grep -n VACUUM down.sql | cut -d: -f1):1: cannot run VACUUM"
}

# --- their own table ----------------------------------------------------------------

@test "statements about the other tool's own table are commented out, and the files run from nothing" {
	golang_project
	cat >migrations/000004_widen.up.sql <<-'SQL'
		-- the version outgrew an int
		ALTER TABLE schema_migrations
		    ALTER COLUMN version TYPE bigint;
		CREATE TABLE kept (schema_migrations int, note text DEFAULT 'ALTER TABLE schema_migrations');
		COMMENT ON COLUMN "public"."schema_migrations".version IS 'x'; SELECT 1;
		CREATE INDEX ON schema_migrations (version);
		INSERT INTO Public.Schema_Migrations SELECT 7;
		GRANT SELECT ON schema_migrations TO public;
		CREATE TABLE auth_schema_migrations (id int);
		CREATE SCHEMA auth;
		CREATE TABLE auth.schema_migrations (id int);
		ALTER TABLE auth.schema_migrations ADD note text;
	SQL
	echo 'ALTER TABLE schema_migrations ALTER COLUMN version TYPE int;' >migrations/000004_widen.down.sql
	echo 'TRUNCATE schema_migrations;' >migrations/000005_only.up.sql
	golang_applied
	run_rung import golang-migrate
	assert_status 0
	assert_equal "$(grep -c '^--| ' schema/000004_widen.sql)" 6
	assert_equal "$(sed -n 's/^--| //p' schema/000005_only.sql)" "TRUNCATE schema_migrations;"
	grep -q "^-- Statements about schema_migrations, the history table of golang-migrate, are commented out" schema/000004_widen.sql
	grep -q "^-- rung: empty: " schema/000005_only.sql
	run_rung check --offline
	assert_status 0
	server_use main
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from pg_tables where tablename ~ 'schema_migrations|kept'" 3
	assert_sql "select count(*) from information_schema.columns where table_schema = 'auth' and column_name = 'note'" 1
}

@test "a statement that needs the other tool's table for something else is refused with its line" {
	mkdir migrations
	printf 'create table a (id int);\ncreate view v as select * from a join "schema_migrations" on true;\n' >migrations/1_v.up.sql
	printf 'drop table schema_migrations, old;\n' >migrations/2_d.up.sql
	printf 'do $$ begin\nupdate schema_migrations set dirty = false; end $$;\n' >migrations/3_do.up.sql
	printf 'copy schema_migrations from stdin;\n7\tf\n\\.\n' >migrations/4_copy.up.sql
	printf 'create table c (schema_migrations int);\nselect schema_migrations from c order by schema_migrations;\n' >migrations/5_column.up.sql
	run_rung import golang-migrate --files-only
	assert_status 2
	assert_output_contains '1_v.up.sql:2: needs "schema_migrations", where golang-migrate keeps its history'
	assert_output_contains '2_d.up.sql:1: needs "schema_migrations"'
	assert_output_contains '3_do.up.sql:1: needs "schema_migrations"'
	assert_output_contains '4_copy.up.sql:1: needs "schema_migrations"'
	refute_output_contains 5_column
	assert_errors_contain "4 problems"
	printf 'alter table hist add x int;\nselect * from schema_migrations;\n' >migrations/1_v.up.sql
	rm migrations/[234]*
	run_rung import golang-migrate --files-only --table hist
	assert_status 0
	grep -q '^--| alter table hist' schema/1_v.sql
}

@test "every tool's own table" {
	local tool table
	while read -r tool table; do
		rm -rf migrations db sql deploy revert verify sqitch.plan schema rollback
		"${tool%-migrate}_project"
		case $tool in
		golang-migrate) file=migrations/000001_create_users.up.sql ;;
		dbmate) file=db/migrations/20240101120000_create_users.sql ;;
		goose) file=migrations/00001_users.sql ;;
		flyway) file=sql/V1__Create_person.sql ;;
		sqitch) file=deploy/users.sql ;;
		tern) file=migrations/001_people.sql ;;
		alembic) file=up.sql ;;
		esac
		sed -i "0,/^CREATE TABLE \|^create table /s//ALTER TABLE $table ADD extra int;\n&/" "$file"
		if [ "$tool" = alembic ]; then sed -i '/^ALTER TABLE/d; s/^CREATE TABLE account/ALTER TABLE alembic_version ADD extra int;\n&/' up.sql; fi
		run_rung import "$tool" $(source_of "$tool") --files-only
		assert_status 0
		if grep -rn "^[^-]*$table" schema; then fail "$tool keeps what is about $table"; fi
		[ "$tool" = alembic ] || grep -rq "^--| ALTER TABLE $table" schema
	done <<-TOOLS
		alembic alembic_version
		golang-migrate schema_migrations
		dbmate schema_migrations
		goose goose_db_version
		flyway flyway_schema_history
		sqitch sqitch.changes
		tern schema_version
	TOOLS
}

# --- histories that begin at 0 --------------------------------------------------------

@test "golang-migrate: a history that begins at 0 moves up by one as far as it must" {
	mkdir migrations
	for i in 0 1 2 7; do
		echo "create table t$i (id int);" >"migrations/00000${i}_t$i.up.sql"
		echo "drop table t$i;" >"migrations/00000${i}_t$i.down.sql"
	done
	sql "create table t0 (id int); create table t1 (id int);
	     create table schema_migrations (version bigint not null primary key, dirty boolean not null);
	     insert into schema_migrations values (1, false)"
	run_rung import golang-migrate
	assert_status 0
	assert_errors_contain "number 0 is kept for 00_master_schema.sql: 0 to 2 become 1 to 3"
	assert_equal "$(files_here schema)" "000001_t0.sql 000002_t1.sql 000003_t2.sql 000007_t7.sql"
	assert_equal "$(files_here rollback | wc -w)" 4
	assert_equal "$(applied)" "000001_t0 000002_t1"
	run_rung upgrade
	assert_status 0
	assert_replays
	sql "drop table if exists schema_migrations; drop table schema_version, schema_version_log cascade"
	server_use main
	sql "create table t0 (id int);
	     create table schema_migrations (version bigint not null primary key, dirty boolean not null);
	     insert into schema_migrations values (0, false)"
	run_rung import golang-migrate
	assert_status 0
	assert_equal "$(applied)" "000001_t0"
}

@test "two files with the number 0 are still two with one number" {
	mkdir migrations
	echo "select 1;" >migrations/0_a.up.sql
	echo "select 1;" >migrations/00_b.up.sql
	run_rung import golang-migrate --files-only
	assert_status 2
	assert_output_contains "has the number of"
}

# --- the verb ----------------------------------------------------------------------

@test "tools and places that are not known" {
	run_rung import liquibase
	assert_status 2
	assert_errors_contain "These are known: alembic, golang-migrate, dbmate, goose, flyway, sqitch, tern."
	run_rung import flywey
	assert_status 2
	assert_errors_contain 'Did you mean "flyway"?'
	run_rung import goose
	assert_status 2
	assert_errors_contain "import requires the migrations of goose"
	run_rung import alembic
	assert_status 2
	assert_errors_contain "alembic upgrade head --sql"
	run_rung import goose migrations --table 'a.b.c'
	assert_status 2
	assert_errors_contain '"a.b.c" is not a table name'
	mkdir migrations
	run_rung import goose
	assert_status 2
	assert_errors_contain "contains no migrations of goose"
	goose_project
	run_rung import goose --table nowhere.at_all
	assert_status 2
	assert_errors_contain 'there is no table "nowhere.at_all"'
}
