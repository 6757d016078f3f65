# The history is believed only as far as it can be: what is written to it is counted, what is read
# from it is whole, SQL that it keeps is the SQL that was recorded, and a table that others can make
# say something else is not taken over.

load ../lib/rung

setup() {
	rung_setup
	ROLE=guest_${TEST_DATABASE#t_}
	roles=()
}

teardown() {
	local role
	for role in "${roles[@]}"; do sql "drop owned by $role; drop role $role" 2>/dev/null || true; done
	rung_teardown
}

# A role of few rights that can log in; ROLE_URL is its way in.
role_create() {
	sql "create role $ROLE login $*"
	roles+=("$ROLE")
	ROLE_URL=${DATABASE_URL/postgres@/$ROLE@}
}

three() {
	local i
	for i in 1 2 3; do
		migration "0${i}_m$i" <<<"create table m$i (id int);"
		rollback_of "0${i}_m$i" <<<"drop table m$i;"
	done
}

# refused ARGS… - the history does not keep what is written, and nothing else of the step stays either.
assert_not_kept() {
	local before
	before=$(dump_schema)
	run_rung "$@"
	assert_status "${EXPECTED_STATUS:-1}"
	assert_errors_contain "did not keep a row written to it"
	assert_errors_contain "rung check"
	assert_equal "$(dump_schema)" "$before"
}

# swallow TABLE EVENT HOW - a trigger or a rule that takes writes away without a word.
swallow() {
	case $3 in
	trigger) sql "create function public.swallow() returns trigger language plpgsql as 'begin return null; end';
		create trigger swallow before $2 on $1 for each row execute function public.swallow()" ;;
	rule) sql "create rule swallow as on $2 to $1 do instead nothing" ;;
	esac
}
unswallow() {
	case $2 in
	trigger) sql "drop function public.swallow() cascade" >/dev/null 2>&1 ;;
	rule) sql "drop rule swallow on $1" ;;
	esac
}

@test "a write that a trigger takes away is an error, whatever the verb, the table and the event" {
	local table
	three
	"$RUNG" upgrade 01 >/dev/null 2>&1
	for table in schema_version schema_version_log schema_version_run; do
		swallow $table insert trigger
		assert_not_kept upgrade
		EXPECTED_STATUS=1 assert_not_kept upgrade --single-transaction
		unswallow $table trigger
	done
	swallow schema_version insert trigger
	assert_not_kept stamp 02
	unswallow schema_version trigger
	"$RUNG" upgrade 02 >/dev/null 2>&1
	for table in schema_version:delete schema_version_log:insert; do
		swallow ${table%:*} ${table#*:} trigger
		assert_not_kept downgrade --force
		assert_not_kept stamp --force 01
		unswallow ${table%:*} trigger
	done
	swallow schema_version update trigger
	echo "-- edited" >>schema/02_m2.sql
	assert_not_kept repair
	unswallow schema_version trigger
	run_rung repair
	assert_status 0
}

@test "a nontransactional migration and its journal too" {
	local table
	three
	"$RUNG" upgrade >/dev/null 2>&1
	migration 04_plain <<<$'-- rung: transaction: none\ncreate table m4 (id int);\ncreate index concurrently m4_id on m4 (id);'
	for table in schema_version:insert schema_version_step:insert; do
		swallow ${table%:*} ${table#*:} trigger
		run_rung upgrade
		[ "$status" -ne 0 ] || fail "success was said of $table"
		assert_errors_contain "did not keep a row written to it"
		unswallow ${table%:*} trigger
	done
	run_rung upgrade
	assert_status 0
	assert_sql "select state, statements_done from schema_version where version = 4" "applied|2"
}

@test "a rule that takes writes away is an error" {
	three
	"$RUNG" upgrade 01 >/dev/null 2>&1
	for table in schema_version schema_version_log; do
		swallow $table insert rule
		run_rung upgrade
		assert_status 1
		assert_sql "select to_regclass('m2') is null" t
		unswallow $table rule
	done
	swallow schema_version delete rule
	run_rung downgrade --force
	assert_status 1
	assert_sql "select to_regclass('m1') is null" f
}

@test "a history that policies hide is no history: every verb refuses" {
	local verb table
	three
	role_create
	"$RUNG" upgrade 02 >/dev/null 2>&1
	sql "grant create, usage on schema public to $ROLE;
		grant select, insert, update, delete on $(history_tables) to $ROLE"
	for table in schema_version schema_version_log schema_version_run; do
		sql "alter table $table enable row level security"
		for verb in "upgrade" "upgrade --dry-run" status current history check "downgrade --force" "stamp 03" "repair"; do
			# shellcheck disable=SC2086
			DATABASE_URL=$ROLE_URL run_rung $verb
			[ "$status" -eq 2 ] || fail "$verb with policies on $table"
			assert_errors_contain "row-level security hides rows of"
			assert_errors_contain "BYPASSRLS"
		done
		sql "alter table $table disable row level security"
	done
	assert_sql "select count(*) from schema_version" 2
	sql "alter table schema_version_log enable row level security"
	DATABASE_URL=$ROLE_URL run_rung log
	[ "$status" -ne 0 ] || fail "the log looks empty"
	# The owner sees all of it, until it is forced.
	run_rung status
	assert_status 0
}

@test "a file of the user's keeps the row_security of its session" {
	migration 01_seen <<<"create table seen as select current_setting('row_security') as setting;"
	migration 02_again <<<$'-- rung: transaction: none\ninsert into seen select current_setting(\'row_security\');'
	run_rung upgrade
	assert_status 0
	assert_sql "select distinct setting from seen" on
	pgbouncer_start
	migration 03_pooled <<<"insert into seen select current_setting('row_security');"
	run_rung upgrade
	assert_status 0
	assert_sql "select distinct setting from seen" on
}

@test "rollback SQL that was changed in the database does not run" {
	local change
	three
	"$RUNG" upgrade >/dev/null 2>&1
	rm schema/03_m3.sql rollback/rollback_03_m3.sql
	for change in "rollback_sql = 'create table pwned ()'" \
		"rollback_sql = 'create table pwned ()', rollback_checksum = encode(sha256('create table pwned ()'), 'hex')"; do
		sql "create table saved as select rollback_sql, rollback_checksum from schema_version where version = 3;
			update schema_version set $change where version = 3"
		for verb in "downgrade --force" "downgrade --dry-run"; do
			# shellcheck disable=SC2086
			run_rung $verb
			assert_status 3
			assert_errors_contain "the rollback of migration 3 that the database keeps is not run"
		done
		assert_sql "select to_regclass('pwned') is null, to_regclass('m3') is null" "t|f"
		sql "update schema_version v set rollback_sql = s.rollback_sql, rollback_checksum = s.rollback_checksum from saved s where version = 3;
			drop table saved"
	done
	sql "update schema_version_log set rollback_checksum = repeat('0', 64) where version = 2"
	assert_refused 3 downgrade --force
	assert_errors_contain "the log was changed"
}

@test "rollback SQL of the database is announced, and shown by a dry run" {
	three
	"$RUNG" upgrade >/dev/null 2>&1
	rm schema/03_m3.sql rollback/rollback_03_m3.sql
	run_rung downgrade --dry-run
	assert_status 0
	assert_output_contains "drop table m3;"
	assert_errors_contain "the rollback kept in the database"
	run_rung downgrade --force
	assert_status 0
	assert_errors_contain "the rollback kept in the database"
	assert_sql "select to_regclass('m3') is null" t
	run_rung log --verify
	assert_status 0
}

@test "kept SQL is good after stamp, repair, adoption and import as well" {
	three
	sql "create table schema_version (version integer primary key, description text, applied_at timestamptz default now());
		insert into schema_version values (1, 'm1'); create table m1 (id int); create table m2 (id int)"
	"$RUNG" stamp 02 >/dev/null 2>&1
	"$RUNG" upgrade >/dev/null 2>&1
	echo "-- edited" >>schema/03_m3.sql
	"$RUNG" repair >/dev/null 2>&1
	rm schema/*.sql rollback/*.sql
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select count(*) from pg_tables where tablename ~ '^m[123]'" 0
}

@test "our tables are their owner's alone, whatever default privileges say" {
	three
	role_create
	sql "alter default privileges grant all on tables to $ROLE; alter default privileges grant all on tables to public"
	run_rung upgrade
	assert_status 0
	assert_sql "select relname, relacl from pg_class where relname ~ '^schema_version' and relkind = 'r'
		and exists (select from aclexplode(relacl) g where g.grantee <> relowner)" ""
	assert_sql "select count(*) > 1 from pg_class c, aclexplode(relacl) g where relname = 'm1' and grantee <> relowner" t
	run_rung check
	assert_status 0
}

@test "check names anyone who may write the history, its triggers, rules, policies, and what it lacks" {
	three
	role_create
	"$RUNG" upgrade >/dev/null 2>&1
	run_rung check
	assert_status 0
	sql "grant update on schema_version to $ROLE; grant insert (version) on schema_version to public;
		create function quiet() returns trigger language plpgsql as 'begin return new; end';
		create trigger watcher after insert on schema_version_log for each row execute function quiet();
		create rule odd as on delete to schema_version_run do also select 1;
		alter table schema_version_step set unlogged; alter table schema_version_batch drop constraint schema_version_batch_pkey;
		alter table schema_version_step enable row level security; create table heir () inherits (schema_version_log);
		alter table schema_version_batch owner to $ROLE"
	run_rung check
	assert_status 3
	assert_output_contains "$ROLE\" (UPDATE)"
	assert_output_contains "everybody (INSERT)"
	assert_output_contains 'has a trigger "watcher"'
	assert_output_contains 'has a rule "odd"'
	assert_output_contains "is unlogged"
	assert_output_contains "has no primary key"
	assert_output_contains "has row-level security"
	assert_output_contains "belongs to the role \"$ROLE\""
	assert_output_contains '"heir"'
	# Each finding ends with the statement that ends it.
	run_rung check --json
	jq -r 'select(.type == "finding" and .rule != "drift") | .sql' <<<"$output" | sed 's/$/;/' | sql
	sql "drop table heir; drop function quiet"
	run_rung check
	assert_status 0
}

@test "what takes a row away after it was counted is seen at the end" {
	local event="after insert" kind
	three
	"$RUNG" upgrade 01 >/dev/null 2>&1
	sql "create function take() returns trigger language plpgsql as
		'begin delete from schema_version where version = new.version; return null; end';
		create function give() returns trigger language plpgsql as
		'begin insert into schema_version select old.*; return null; end'"
	for kind in "trigger" "constraint trigger"; do
		case $kind in constraint*) event="after insert on schema_version deferrable initially deferred" ;;
		*) event="after insert on schema_version" ;; esac
		sql "create $kind take $event for each row execute function take()"
		run_rung upgrade
		assert_status 3
		assert_errors_contain "the history does not show what was done: 2, 3"
		assert_sql "select string_agg(version::text, ' ' order by version) from schema_version" 1
		sql "drop trigger take on schema_version; drop table m2, m3"
	done
	run_rung upgrade
	assert_status 0
	sql "create trigger give after delete on schema_version for each row execute function give()"
	run_rung downgrade --force
	assert_status 3
	assert_errors_contain "the history does not show what was done: 3"
	sql "drop trigger give on schema_version; create table m3 (id int)"
	migration 04_m4 <<<'create table m4 (id int); delete from schema_version where version = 2;'
	migration 05_m5 <<<'create table m5 (id int); delete from schema_version where version = 4;'
	run_rung upgrade
	assert_status 3
	assert_errors_contain "the history does not show what was done: 2, 4"
	"$RUNG" stamp --force head >/dev/null 2>&1
	# Nothing is pending: the tables are widened, and the question comes right behind that.
	sql "alter table schema_version drop column variables;
		create function take_five() returns event_trigger language plpgsql as
		'begin delete from schema_version where version = 5; end';
		create event trigger take_five on ddl_command_end when tag in ('ALTER TABLE') execute function take_five()"
	run_rung upgrade
	sql "drop event trigger take_five"
	assert_status 3
	assert_errors_contain "the history does not show what was done: 5"
}

@test "stamp, repair and runs through a pooler ask at the end as well" {
	three
	"$RUNG" upgrade 02 >/dev/null 2>&1
	sql "create function take() returns trigger language plpgsql as
		'begin delete from schema_version where version = new.version; return null; end';
		create function give() returns trigger language plpgsql as
		'begin insert into schema_version select old.*; return null; end';
		create function keep() returns trigger language plpgsql as
		'begin new.checksum := old.checksum; return new; end'"
	not_shown() {
		run_rung "${@:2}"
		assert_status 3
		assert_errors_contain "the history does not show what was done: $1"
	}
	sql "create constraint trigger take after insert on schema_version deferrable initially deferred for each row execute function take()"
	not_shown 3 stamp 03
	sql "drop trigger take on schema_version; create trigger give after delete on schema_version for each row execute function give()"
	not_shown 2 stamp --force 01
	sql "drop trigger give on schema_version; create trigger keep before update on schema_version for each row execute function keep()"
	echo "-- edited" >>schema/02_m2.sql
	not_shown 2 repair
	sql "drop trigger keep on schema_version"
	"$RUNG" repair >/dev/null 2>&1
	sql "create trigger give after delete on schema_version for each row execute function give()"
	pgbouncer_start
	not_shown 2 downgrade --force
}

@test "files that drop or empty what records them are told so" {
	local name
	three
	for name in run step batch; do
		"$RUNG" upgrade 01 >/dev/null 2>&1
		migration 04_m4 <<<"drop table schema_version_$name;"
		rollback_of 04_m4 <<<"select;"
		run_rung upgrade +3
		assert_status 3
		assert_errors_contain "one of the files drops the history tables: public.schema_version_$name"
		run_rung upgrade
		assert_status 0
		run_rung check
		assert_status 0
		"$RUNG" downgrade base --force >/dev/null 2>&1
		rm schema/04_m4.sql rollback/rollback_04_m4.sql
	done
	"$RUNG" upgrade 01 >/dev/null 2>&1
	migration 02_m2 <<<"truncate schema_version;"
	run_rung upgrade 02
	assert_status 3
	assert_errors_contain "the history does not show what was done: 1"
}

@test "a log from before it had a column for rollbacks is verified; who may not add it is told whose tables these are" {
	three
	role_create
	"$RUNG" upgrade 02 >/dev/null 2>&1
	sql "alter table schema_version_log drop column rollback_checksum"
	run_rung log --verify
	assert_status 3 # the rows whose hash covers the column
	assert_errors_contain "the log was tampered with: 2 rows"
	sql "update schema_version_log set hash = '', previous_hash = ''; delete from schema_version_log"
	run_rung log --verify
	assert_status 3
	assert_errors_contain "it lacks 2 applied migrations"
	sql "grant usage on schema public to $ROLE;
		grant select, insert, update, delete on $(history_tables) to $ROLE"
	DATABASE_URL=$ROLE_URL run_rung upgrade
	assert_status 1
	assert_errors_contain 'Run "rung upgrade" once as "postgres", for example with --role postgres; then grant "'"$ROLE"'" SELECT'
	run_rung upgrade 02 --role postgres
	assert_status 0
	sql "grant create on schema public to $ROLE"
	DATABASE_URL=$ROLE_URL run_rung upgrade
	assert_status 0
	run_rung log --verify
	assert_status 3
	assert_errors_contain "it lacks 2 applied migrations"
	sql "drop table m3"
}

@test "names that the server would cut, and schemas that are none for a history" {
	local name
	three
	name=$(printf 'x%.0s' $(seq 55))
	run_rung upgrade --history-table "$name"
	assert_status 0
	assert_sql "select count(*) from pg_class where relkind = 'r' and relname like '$name%'" 6
	assert_refused 2 upgrade --history-table "x$name"
	assert_errors_contain "may have 55 bytes"
	for name in pg_temp pg_temp_3 pg_catalog information_schema; do
		assert_refused 2 upgrade --history-table "$name.x"
		assert_errors_contain "cannot be kept in the schema \"$name\""
	done
}

@test "tables that somebody made next to a missing one are not taken over" {
	local name
	role_create
	sql "create function pwn() returns trigger language plpgsql as 'begin create table pwned (); return new; end'"
	for name in log run step batch; do
		three
		run_rung upgrade
		sql "create table kept as table schema_version_$name; drop table schema_version_$name;
			create table schema_version_$name (like kept); drop table kept;
			create trigger pwn before insert on schema_version_$name for each row execute function pwn();
			alter table schema_version_$name owner to $ROLE"
		if [ "$name" != run ]; then sql "drop table schema_version_run"; fi
		# As an earlier version left it, and as a database without any history.
		if [ "$name" = run ]; then sql "alter table schema_version_log drop column rollback_checksum"; fi
		migration 04_m4 <<<'create table m4 (id int);'
		assert_refused 2 upgrade
		assert_errors_contain "schema_version_$name belongs to the role"
		rm schema/04_m4.sql
		sql "drop table schema_version, m1, m2, m3"
		assert_refused 2 upgrade
		assert_errors_contain "schema_version_$name belongs to the role"
		sql "drop table if exists $(history_tables | cut -d, -f2-)"
	done
	assert_sql "select to_regclass('pwned') is null" t
}

@test "a hand-made table that is somebody else's or has triggers, rules or policies is not taken over" {
	local made="create table schema_version (version integer primary key, description text, applied_at timestamptz default now());
		insert into schema_version values (1, 'm1'); create table m1 (id int)" bad fixes
	three
	role_create
	sql "create function pwn() returns trigger language plpgsql as 'begin create table pwned (); return new; end'"
	for bad in "alter table schema_version owner to $ROLE" \
		"create trigger pwn before insert on schema_version for each row execute function pwn()" \
		"create rule pwn as on insert to schema_version do also notify pwned" \
		"alter table schema_version enable row level security"; do
		sql "$made; $bad"
		assert_refused 2 upgrade
		assert_errors_contain " in this state"
		# What it says makes it right.
		fixes=$(sed -n '/^ *\(HINT: \)\{0,1\}\(ALTER\|DROP\)/p' <<<"$errors")
		[ -n "$fixes" ] || fail "no statement is given"
		sql "$fixes"
		run_rung upgrade
		assert_status 0
		assert_sql "select to_regclass('pwned') is null" t
		sql "drop table $(history_tables), m1, m2, m3"
	done
}

@test "a history of a role that the deployer is no member of: both ways are named, and both work" {
	local owner=o_$TEST_DATABASE deployer=d_$TEST_DATABASE admin=$DATABASE_URL verb
	migration 01_a <<<'select 1;'
	rollback_of 01_a <<<'select 1;'
	sql "create role $owner login; create role $deployer login; grant create, usage on schema public to $owner, $deployer"
	DATABASE_URL=${admin/postgres@/$owner@} "$RUNG" upgrade >/dev/null 2>&1
	sql "grant select, insert, update, delete on all tables in schema public to $deployer"
	DATABASE_URL=${admin/postgres@/$deployer@}
	migration 02_b <<<'select 2;'
	rollback_of 02_b <<<'select 2;'
	for verb in upgrade "upgrade --dry-run" "stamp head"; do
		# shellcheck disable=SC2086 # command lines
		run_rung $verb
		assert_status 2
		assert_errors_contain "--role $owner"
		assert_errors_contain "--history-owner $owner (history_owner in rung.ini)"
	done
	run_rung upgrade --history-owner "$owner"
	assert_status 0
	DATABASE_URL=$admin
	run_rung downgrade --force --role "$owner"
	assert_status 0
	sql "drop owned by $owner, $deployer; drop role $owner, $deployer"
}
