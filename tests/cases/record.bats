# The verbs that keep the record, and the log that tells of them.

load ../lib/rung

setup() {
	rung_setup
	two_pairs
	migration 03_items <<<'create table items (id int primary key);'
	rollback_of 03_items <<<'drop table items;'
}

two_pairs() {
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
	migration 02_orders <<<'create table orders (id int primary key);'
	rollback_of 02_orders <<<'drop table orders;'
}

applied() { sql "select coalesce(string_agg(version::text, ' ' order by version), '') from schema_version"; }
logged() { sql "select action || ' ' || coalesce(version::text, '-') || ' ' || outcome from schema_version_log order by id"; }

# --- stamp -----------------------------------------------------------------------

@test "stamp head, a number, a name and base set the record and run nothing" {
	run_rung stamp head
	assert_status 0
	assert_output_contains "nothing was run"
	assert_equal "$(applied)" "1 2 3"
	assert_sql "select to_regclass('users') is null" t
	assert_sql "select name, state, checksum is not null, rollback_sql from schema_version where version = 2" \
		"02_orders|applied|t|drop table orders;"
	assert_refused 2 stamp 1
	assert_errors_contain "dropping the records of 02_orders, 03_"
	assert_errors_contain "in \"$TEST_DATABASE\" on this machine needs a person to confirm it, or --force"
	run_rung stamp 1 --force
	assert_status 0
	assert_errors_contain "removed the record of 02_orders"
	assert_equal "$(applied)" "1"
	run_rung stamp 02_orders
	assert_status 0
	assert_equal "$(applied)" "1 2"
	run_rung stamp base --force
	assert_status 0
	assert_equal "$(applied)" ""
	run_rung stamp base
	assert_status 0
	assert_output_contains "0 records changed"
	run_rung log --verify
	assert_status 0
	assert_equal "$(logged)" "stamp 1 done
stamp 2 done
stamp 3 done
unstamp 2 done
unstamp 3 done
stamp 2 done
unstamp 1 done
unstamp 2 done"
}

@test "stamping what does not exist changes nothing" {
	run_rung stamp 1
	assert_refused 2 stamp 9
	assert_errors_contain '"9"'
	assert_refused 2 stamp 02_oders
	assert_errors_contain '"02_oders"'
}

@test "after stamp the rest applies" {
	sql "create table users (id int primary key)"
	run_rung stamp 01
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 2 3"
}

@test "stamping over an edited file leaves its record alone" {
	run_rung upgrade
	migration 01_users <<<'create table users (id bigint primary key);'
	run_rung stamp head
	assert_status 0
	assert_refused 3 upgrade
	assert_errors_contain "01_users"
}

# verified ROWS - what the query of "log --verify" says of so many of the newest rows.
verified() {
	sql "prepare v (bigint) as $(sed 's/:"history_log"/schema_version_log/' "$ROOT/src/history/log_verify.sql"); execute v ($1)"
}

@test "check finds rows of the log that were changed or removed, as log --verify does" {
	run_rung upgrade
	run_rung check
	assert_status 0
	# A part of it is looked at with the row before it in mind; its first row is told only where there are more.
	assert_equal "$(verified 2)" "2|f|f"
	assert_equal "$(verified 4)$(verified null)" ""
	sql "update schema_version_log set os_user = 'nobody' where id = 2"
	assert_equal "$(verified 1)$(verified null)" "3|f|f2|t|f"
	run_rung check
	assert_status 3
	assert_output_contains "row 2 of the log was changed"
	sql "delete from schema_version_log where id <= 2"
	assert_equal "$(verified 9)" "3|f|t"
	for verb in check "log --verify"; do
		# shellcheck disable=SC2086 # words
		run_rung $verb
		assert_status 3
		assert_output_contains "row 3 of the log does not follow the row before it"
	done
}

# --- edited files and repair ---------------------------------------------------------

@test "an edited file is refused with the ways out" {
	run_rung upgrade 2
	migration 01_users <<<'create table users (id bigint primary key);'
	assert_refused 3 upgrade
	assert_errors_contain 'migration "01_users" was changed after it was applied'
	assert_errors_contain "estore the file"
	assert_errors_contain "repair 1"
	assert_errors_contain "on-change: reapply"
	run_rung check
	assert_status 3
	assert_output_contains "[edited]"
}

@test "several edited files are told together" {
	run_rung upgrade
	migration 01_users <<<'create table users (id bigint primary key);'
	migration 03_items <<<'create table items (id bigint primary key);'
	assert_refused 3 upgrade
	assert_errors_contain "01_users"
	assert_errors_contain "03_items"
	assert_errors_contain "2 places"
}

@test "carriage returns and a byte order mark are no edit" {
	run_rung upgrade
	printf '\xef\xbb\xbfcreate table users (id int primary key);\r\n' >schema/01_users.sql
	assert_refused 0 upgrade
	assert_output_contains "nothing to do"
}

@test "repair accepts one edited file, or all of them" {
	run_rung upgrade
	migration 01_users <<<'create table users (id bigint primary key);'
	migration 02_orders <<<'create table orders (id bigint primary key);'
	migration 03_items <<<'create table items (id bigint primary key);'
	run_rung repair 2
	assert_status 0
	assert_output_contains "1 record repaired"
	assert_refused 3 upgrade
	refute_errors_contain "02_orders"
	run_rung repair
	assert_status 0
	assert_output_contains "2 records repaired"
	assert_refused 0 upgrade
	assert_output_contains "nothing to do"
	run_rung repair
	assert_status 0
	assert_output_contains "nothing to repair"
	assert_sql "select count(*) from schema_version_log where action = 'repair'" 3
}

@test "repairing what the history does not know" {
	run_rung upgrade 1
	assert_refused 2 repair 3
	assert_errors_contain 'cannot repair "03_items": it is not applied'
	assert_refused 2 repair nonsense
}

@test "a half-done nontransactional migration: repair starts it over, resume continues" {
	migration 04_plain <<-'SQL'
		-- rung: transaction: none
		create table one (id int);
		insert into one values (1);
		insert into missing values (1);
	SQL
	run_rung upgrade
	assert_status 6
	assert_errors_contain "schema/04_plain.sql:4"
	assert_sql "select version, state, statements_done from schema_version where version = 4" "4|partial|2"
	run_rung check
	assert_status 3
	assert_output_contains "[partial]"

	sql "create table missing (id int)"
	assert_refused 2 resume --single-transaction
	assert_errors_contain 'there is no option "--single-transaction" for resume'
	run_rung resume
	assert_status 0
	assert_sql "select state from schema_version where version = 4" applied
	assert_sql "select count(*) from one" 1

	rollback_of 04_plain <<<'drop table one, missing;'
	run_rung repair 4
	run_rung downgrade --force
	run_rung upgrade
	assert_status 6
	sql "drop table one"
	assert_refused 2 repair 4
	assert_errors_contain "starting 04_plain over needs a person to confirm it, or --force"
	assert_errors_contain "done: schema/04_plain.sql:2: create table one (id int)"
	assert_sql "select state from schema_version where version = 4" partial
	run_rung repair 4 --force
	assert_status 0
	assert_errors_contain "done: schema/04_plain.sql:2: create table one (id int)"
	assert_errors_contain "done: schema/04_plain.sql:3: insert into one values (1)"
	refute_errors_contain "schema/04_plain.sql:4"
	assert_equal "$(applied)" "1 2 3"
	assert_sql "select count(*) from schema_version_step" 0
	sql "create table missing (id int)"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from one" 1
}

# --- on-change: reapply ----------------------------------------------------------------

@test "a file that says so runs again when it was edited" {
	migration 02_orders <<-SQL
		-- rung: on-change: reapply
		create table if not exists orders (id int primary key);
	SQL
	run_rung upgrade
	cat >>schema/02_orders.sql <<-SQL
		alter table orders add column if not exists note text;
	SQL
	run_rung upgrade --dry-run
	assert_output_contains "02_orders"
	refute_output_contains "01_users"
	run_rung upgrade
	assert_status 0
	assert_output_contains "applied again"
	assert_sql "select count(*) from pg_attribute where attrelid = 'orders'::regclass and attname = 'note'" 1
	assert_sql "select count(*) from schema_version_log where action = 'reapply' and version = 2" 1
	assert_refused 0 upgrade
}

@test "the whole project may say so, and a file may object" {
	printf '[files]\non_change = reapply\n' >rung.ini
	run_rung upgrade
	migration 01_users <<<'create table if not exists users (id int primary key); alter table users add column if not exists name text;'
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from pg_attribute where attrelid = 'users'::regclass and attname = 'name'" 1

	printf -- '-- rung: on-change: error\n' | cat - schema/02_orders.sql >02 && mv 02 schema/02_orders.sql
	assert_refused 3 upgrade
	assert_errors_contain '"02_orders" was changed'
}

@test "an edit that cannot run twice is rolled back and told" {
	printf '[files]\non_change = reapply\n' >rung.ini
	run_rung upgrade
	migration 01_users <<<'do $$ begin create table users (id int primary key, name text); end $$;'
	assert_status 0
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'relation "users" already exists'
	assert_sql "select count(*) from pg_attribute where attrelid = 'users'::regclass and attname = 'name'" 0
	assert_sql "select action, outcome, version from schema_version_log order by id desc limit 1" "reapply|failed|1"
}

# --- order, names, missing files ---------------------------------------------------------

@test "out of order is refused and told how to do it anyway" {
	mv schema/02_orders.sql rollback/rollback_02_orders.sql .
	run_rung upgrade
	mv 02_orders.sql schema/ && mv rollback_02_orders.sql rollback/
	assert_refused 3 upgrade
	assert_errors_contain '"02_orders" is older than the newest applied, "03_items"'
	assert_errors_contain "--out-of-order"
	run_rung upgrade --out-of-order
	assert_status 0
	assert_equal "$(applied)" "1 2 3"
}

@test "a renamed file with the same text is no obstacle" {
	run_rung upgrade
	mv schema/02_orders.sql schema/02_purchases.sql
	mv rollback/rollback_02_orders.sql rollback/rollback_02_purchases.sql
	run_rung upgrade
	assert_status 0
	run_rung check
	assert_status 3
	assert_output_contains "[renamed]"
	run_rung repair 2
	assert_status 0
	assert_sql "select name from schema_version where version = 2" 02_purchases
	run_rung check
	assert_status 0
}

@test "another migration under an applied number is refused" {
	run_rung upgrade
	rm schema/02_orders.sql rollback/rollback_02_orders.sql
	migration 02_payments <<<'create table payments (id int);'
	rollback_of 02_payments <<<'drop table payments;'
	assert_refused 3 upgrade
	assert_errors_contain '"02_orders"'
	assert_errors_contain '"02_payments"'
	assert_errors_contain "renumber"
	assert_errors_contain "repair 2"
}

@test "a missing file is named, with the three ways out" {
	run_rung upgrade
	rm schema/02_orders.sql rollback/rollback_02_orders.sql
	assert_refused 3 upgrade
	assert_errors_contain '"02_orders" is applied, but its file is missing'
	assert_errors_contain "version control"
	assert_errors_contain "downgrade"
	assert_errors_contain "repair 2 --forget"
	assert_refused 0 status
	assert_output_contains "missing"
	assert_refused 3 repair 2
	assert_errors_contain '"02_orders" is applied, but its file is missing'
	assert_errors_contain "rung repair 2 --forget"
	assert_refused 0 repair
	assert_errors_contain "rung repair 2 --forget"

	run_rung repair --forget
	assert_status 0
	assert_equal "$(applied)" "1 3"
	assert_refused 0 upgrade
	assert_sql "select to_regclass('orders') is not null" t
}

@test "--forget touches only what no file holds" {
	run_rung upgrade
	run_rung repair --forget
	assert_status 0
	assert_output_contains "nothing to repair"
	run_rung repair 2 --forget
	assert_status 0
	assert_equal "$(applied)" "1 2 3"
}

@test "downgrade with the rollback the database kept" {
	run_rung upgrade
	rm schema/03_items.sql rollback/rollback_03_items.sql schema/02_orders.sql rollback/rollback_02_orders.sql
	run_rung downgrade 1 --force
	assert_status 0
	assert_equal "$(applied)" "1"
	assert_sql "select to_regclass('items') is null and to_regclass('orders') is null" t
	assert_refused 0 upgrade
}

@test "and in one transaction, and through a pooler" {
	run_rung upgrade
	rm schema/0[23]* rollback/rollback_0[23]*
	run_rung downgrade base --single-transaction --force
	assert_status 0
	assert_equal "$(applied)" ""
	assert_equal "$(dump_schema)" ""

	two_pairs
	run_rung upgrade
	rm schema/* rollback/*
	pgbouncer_start
	run_rung downgrade base --force
	assert_status 0
	assert_equal "$(applied)" ""
	assert_equal "$(dump_schema)" ""
}

@test "a rollback that needs other files is not kept, one with conditions is" {
	echo 'drop table items;' >rollback/items.sql
	rollback_of 03_items <<<'\ir items.sql'
	rollback_of 02_orders <<<$'\\if true\ndrop table orders;\n\\endif'
	run_rung upgrade 1
	run_rung upgrade
	run_rung stamp 1
	run_rung stamp head
	assert_sql "select version, rollback_sql is not null from schema_version order by 1" "1|t
2|t
3|f"
	rm schema/03_items.sql rollback/*items.sql
	assert_refused 2 downgrade --force
	assert_errors_contain "03_items"
}

@test "a downgrade that cannot go all the way does not begin" {
	rm rollback/rollback_02_orders.sql
	run_rung upgrade
	assert_refused 2 downgrade base --force
	assert_errors_contain "02_orders"
	printf -- '-- rung: irreversible: nobody knows\ncreate table late (id int);' | migration 04_late
	run_rung upgrade
	assert_refused 2 downgrade --force
	assert_errors_contain "04_late"
	assert_errors_contain "nobody knows"
}

# --- the log ----------------------------------------------------------------------------

@test "the log tells what was done, by whom and how it ended" {
	run_rung upgrade
	migration 04_bad <<<'create table bad (id nonsense);'
	run_rung upgrade
	assert_status 1
	run_rung downgrade --force
	run_rung log
	assert_status 0
	assert_output_contains "01_users"
	assert_output_contains "failed"
	assert_output_contains "42704"
	assert_output_contains "rollback"
	assert_equal "$(logged)" "apply 1 done
apply 2 done
apply 3 done
apply 4 failed
rollback 3 done"
	assert_sql "select count(*) from schema_version_log where db_user <> session_user or os_user <> '$(id -un)'
		or host is null or run_id is null or tool_version is null or duration_ms is null" 0

	run_rung log --limit 2
	refute_output_contains "01_users"
	assert_output_contains "04_bad"
	run_rung log --json
	assert_equal "$(jq -r '.v' <<<"$output" | sort -u)" 1
	assert_equal "$(jq -r 'select(.outcome == "failed") | .sqlstate' <<<"$output")" 42704
	run_rung log --verify
	assert_status 0
	assert_output_contains "intact"
	assert_refused 2 log --limit many
}

@test "the log of a database nobody has touched" {
	assert_refused 0 log
	assert_refused 0 log --verify
}

@test "a changed row of the log is found" {
	run_rung upgrade
	sql "update schema_version_log set name = '02_other' where version = 2"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 2 of the log was changed"
	refute_output_contains "row 1 "
}

@test "a changed row whose hash was made to fit is found by its follower" {
	run_rung upgrade
	sql "update schema_version_log set os_user = 'somebody', hash = md5('x') where id = 2"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 2 "
	assert_output_contains "row 3 of the log does not follow"
}

@test "a deleted row of the log is found" {
	run_rung upgrade
	sql "delete from schema_version_log where id = 2"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 3 of the log does not follow"
	sql "delete from schema_version_log where id = 1"
	run_rung log --verify
	assert_status 3
}

# A chain that starts anew is whole in itself.
@test "a log that a file emptied is found, and what it lacks is named" {
	migration 04_empties <<<'truncate schema_version_log;'
	migration 05_last <<<'create table last (n int);'
	run_rung upgrade
	assert_status 0
	for verb in check "log --verify"; do
		# shellcheck disable=SC2086 # words
		run_rung $verb
		assert_status 3
		assert_output_contains 'migration "01_users" is applied, and the log does not tell of it'
		refute_output_contains '"05_last" is applied'
	done
	assert_errors_contain "it lacks 3 applied migrations"
}

# accepted ROW - "log --verify" says that the log is intact, from there on.
accepted() {
	for verb in check "log --verify"; do
		# shellcheck disable=SC2086 # words
		run_rung $verb
		assert_status 0
	done
	assert_output_contains "the log is intact from row $1 on, by which it was accepted as it was"
}

@test "a log that was dropped is missed, and one that lost rows can be accepted, which it records" {
	run_rung repair --log
	assert_status 0
	assert_output_contains "nothing to repair: the log is intact"
	run_rung upgrade
	sql "drop table schema_version_log"
	for verb in check "log --verify"; do
		# shellcheck disable=SC2086 # words
		run_rung $verb
		assert_status 3
		assert_output_contains 'the log, "public.schema_version_log", is gone, and 3 migrations are applied'
	done
	advised 'rung repair --log' 2 # it asks, and nobody answers
	run_rung log
	assert_errors_contain 'the log, "public.schema_version_log", is gone'
	assert_refused 2 repair --log
	assert_refused 2 repair 01 --log
	run_rung repair --log --force
	assert_status 0
	run_rung log --verify
	assert_status 0
	assert_sql "select action, error from schema_version_log where version is null" \
		"accept-log|its table was gone; lacked: 01_users, 02_orders, 03_items"

	sql "delete from schema_version_log where id = 1; update schema_version_log set os_user = 'nobody' where id = 3"
	run_rung repair --log --force
	assert_status 0
	accepted 6
	assert_output_contains "accepted"
	run_rung log
	assert_output_contains "rows that do not fit: 2, 3; lacked: 01_users"

	# What is accepted must stay as it is, and what follows is looked at as before.
	sql "update schema_version_log set host = 'elsewhere' where id = 3"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 3 of the log was changed"
	run_rung repair --log --force
	accepted 7
	migration 04_more <<<'create table more (n int);'
	rollback_of 04_more <<<'drop table more;'
	run_rung upgrade
	accepted 7
	sql "update schema_version_log set host = 'elsewhere' where id = 8"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 8 of the log was changed"
	refute_output_contains "row 3 "
}

@test "rollbacks that the database keeps are trusted by what the log says after it was accepted" {
	run_rung upgrade 1
	sql "update schema_version_log set host = 'elsewhere' where id = 1"
	run_rung repair --log --force
	run_rung upgrade 2
	assert_status 0
	rm rollback/*
	run_rung downgrade --force
	assert_status 0
	assert_sql "select to_regclass('orders')" ""
	run_rung downgrade --force
	assert_status 3
	assert_errors_contain "the rollback of migration 1 that the database keeps is not run: the log was changed"
	assert_sql "select to_regclass('users')" users
}

@test "a file that writes its own row into the history is told so" {
	migration 04_own <<<"insert into schema_version (version, description) values (4, 'own');"
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'the history "public.schema_version" has a row already'
	assert_errors_contain "(version)=(4)"
	assert_errors_contain "Only rung writes to its tables"
	sed -i '1i -- rung: transaction: none' schema/04_own.sql
	printf 'vacuum;\n' >>schema/04_own.sql
	run_rung upgrade
	[ "$status" -ne 0 ]
	assert_sql "select count(*) from schema_version where version < 4" 3
}

@test "an inserted row of the log is found" {
	run_rung upgrade
	sql "insert into schema_version_log select 4, now(), 'apply', 'done', 9, '09_forged', checksum, 1, null, null,
		run_id, db_user, os_user, host, tool_version, rollback_checksum, hash, md5('forged') from schema_version_log where id = 3"
	run_rung log --verify
	assert_status 3
	assert_output_contains "row 4 of the log was changed"
}

@test "the chain continues after a later run" {
	run_rung upgrade 1
	run_rung upgrade
	run_rung downgrade base --force
	run_rung upgrade
	run_rung log --verify
	assert_status 0
	assert_sql "select count(*) from schema_version_log" 9
}

@test "an edited file runs again only when its statements can" {
	migration 09_a <<<$'-- rung: on-change: reapply\ncreate table if not exists a (id int);'
	run_rung upgrade
	assert_status 0
	migration 09_a <<<$'-- rung: on-change: reapply\ncreate table if not exists a (id int);\ncreate index i on a (id);'
	run_rung upgrade
	assert_status 2
	assert_errors_contain "schema/09_a.sql:3:1"
	assert_errors_contain "if not exists"
	assert_sql "select count(*) from pg_indexes where tablename = 'a'" 0
	migration 09_a <<<$'-- rung: on-change: reapply\ncreate table if not exists a (id int);\ncreate index if not exists i on a (id);'
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from pg_indexes where tablename = 'a'" 1
}
