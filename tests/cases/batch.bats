# Statements over large tables, in chunks: each chunk is committed together with how far it came, so
# that whatever ends the program, the same command continues there, and no row is processed twice.

load ../lib/rung

# items ROWS - a table whose rows count how often they were changed.
items() {
	sql "create table items (id bigint primary key, n int not null default 0, note text);
	     insert into items (id) select g * 3 from generate_series(1, $1) g;
	     analyze items;"
}

by_key() {
	migration 01_fill <<-SQL
		-- rung: batch table=items key=id size=${1:-1000} ${2:-}
		update items set n = n + 1 where id > :lo and id <= :hi;
	SQL
	rollback_of 01_fill <<<"update items set n = 0;"
}

changed_once() { assert_sql "select n, count(*) from items group by n" "1|$1"; }

rows_done() { sql "select coalesce((select rows from schema_version_batch), 0)" 2>/dev/null || echo 0; }
has_done() { [ "$(rows_done)" -gt "$1" ]; }

nothing_is_left() {
	assert_sql "select count(*) from schema_version_batch" 0
	assert_sql "select count(*) from schema_version_step" 0
	assert_sql "select version, state from schema_version" "1|applied"
}

# --- ways ----------------------------------------------------------------------

@test "by a number: every row is changed once, in more than one chunk" {
	items 20000
	by_key
	run_rung upgrade
	assert_status 0
	changed_once 20000
	assert_errors_match "01_fill: 20000 rows in [0-9]+ chunks"
	refute_errors_contain "warning"
	nothing_is_left
	assert_sql "select last_analyze is not null from pg_stat_user_tables where relname = 'items'" t
}

@test "by any ordered key: text, uuid, timestamps, dates, numeric, float, domains, negative numbers" {
	local type value
	while IFS='|' read -r type value; do
		sql "drop table if exists items; drop domain if exists code; create domain code as text check (value <> 'x');
		     create table items (id $type primary key, n int not null default 0);
		     insert into items (id) select $value from generate_series(1, 500) g"
		by_key 100
		run_rung upgrade
		assert_status 0
		changed_once 500
		run_rung downgrade --force
		assert_status 0
	done <<-'TYPES'
		text|'k' || g
		varchar(10)|chr(9) || g
		char(8)|'c' || g
		uuid|gen_random_uuid()
		timestamptz|timestamptz '2026-01-01 00:00:00.123456+02' + g * interval '1.000001 s'
		timestamp|timestamp '1999-12-31' + g * interval '1 microsecond'
		date|date '2026-01-01' - g
		time|time '00:00:01' + g * interval '1 s'
		interval|g * interval '1 h'
		numeric(12,3)|g / 7.0
		float8|-1 / g::float8
		smallint|g - 250
		int|2147483647 - g
		code|'d' || g
		bytea|decode(lpad(to_hex(g), 4, '0'), 'hex')
		inet|'10.0.0.0'::inet + g
	TYPES
}

@test "by a key of several columns" {
	sql "create table items (tenant text, id int, n int not null default 0, primary key (tenant, id));
	     insert into items (tenant, id) select 't' || g % 7, g from generate_series(1, 5000) g"
	migration 01_fill <<-'SQL'
		-- rung: batch table=items key=tenant,id size=300
		update items set n = n + 1
		 where (tenant, id) > (:lo_tenant, :lo_id) and (tenant, id) <= (:hi_tenant, :hi_id);
	SQL
	run_rung upgrade
	assert_status 0
	changed_once 5000
	nothing_is_left
}

@test "by a key of an extension's type, whose operators lie where the extension does, alone and with others" {
	local key lo hi
	if [ "$(sql "select count(*) from pg_available_extensions where name = 'citext'")" = 0 ]; then
		skip "the server has no extension citext"
	fi
	sql "create schema extensions; create extension citext schema extensions;
	     create domain word as extensions.citext; create domain title as word;
	     do 'begin execute format(''alter database %I set search_path = public, extensions'', current_database()); end'"
	for key in a c id,a a,id a,c,id a,b; do
		lo=:lo_${key//,/, :lo_} hi=:hi_${key//,/, :hi_}
		if [ "${key/,/}" = "$key" ]; then lo=:lo hi=:hi; fi
		sql "drop table if exists items;
		     create table items (a citext, b citext, c title, id int, n int not null default 0);
		     insert into items (a, b, c, id)
		       select case when g % 2 = 0 then 'k' else 'K' end || lpad((g / 7)::text, 3, '0'), g, g, g
		         from generate_series(1, 700) g;
		     create index on items ($key);"
		printf '%s\n' "-- rung: batch table=items key=$key size=100" \
			"update items set n = n + 1 where ($key) > ($lo) and ($key) <= ($hi);" >schema/01_fill.sql
		run_rung upgrade
		assert_status 0
		changed_once 700
		refute_errors_contain "reads the whole table"
		nothing_is_left
		sql "truncate schema_version"
	done
}

@test "by a key that is not unique, without an index: all rows, and a word about the index" {
	sql "create table items (id int not null, n int not null default 0);
	     insert into items (id) select g % 10 from generate_series(1, 2000) g"
	by_key 100
	run_rung upgrade
	assert_status 0
	changed_once 2000
	assert_errors_contain "no index of items begins with id: every chunk reads the whole table"
}

@test "by ctid, without any key; rows that move are not lost" {
	sql "create table items (n int not null default 0, note text);
	     insert into items (note) select repeat('x', 100) from generate_series(1, 10000);
	     delete from items where ctid >= '(20,0)' and ctid < '(40,0)'"
	sql "vacuum items"
	local rows
	rows=$(sql "select count(*) from items")
	migration 01_fill <<-'SQL'
		-- rung: batch table=items ctid size=1000
		update items i set n = n + 1, note = note || repeat('y', 900)
		 where i.ctid > :lo and i.ctid <= :hi and n = 0;
	SQL
	run_rung upgrade
	assert_status 0
	changed_once "$rows"
	nothing_is_left
}

@test "by ctid, of partitions, children and their tables none is left out; what has no pages is refused" {
	sql "create table parted (id int, n int not null default 0) partition by hash (id);
	     create table parted_a partition of parted for values with (modulus 2, remainder 0);
	     create table parted_b partition of parted for values with (modulus 2, remainder 1);
	     create table parent (id int, n int not null default 0);
	     create table child () inherits (parent);
	     create table grandchild () inherits (child);
	     create view shown as select ctid, id, n from parent;
	     insert into parted select g from generate_series(1, 3000) g;
	     insert into parent values (1);
	     insert into grandchild select g from generate_series(1, 3000) g;"
	for table in parted parent; do
		printf '%s\n' "-- rung: batch table=$table ctid size=100" \
			"update $table set n = n + 1 where ctid > :lo and ctid <= :hi and n = 0;" >schema/01_fill.sql
		run_rung upgrade
		assert_status 0
		assert_sql "select min(n), max(n), count(*) >= 3000 from $table" "1|1|t"
		sql "truncate schema_version"
	done
	sed -i 's/parent/shown/' schema/01_fill.sql
	run_rung upgrade
	assert_status 6
	assert_errors_contain 'goes by pages, and "shown" has none'
}

@test "by ctid, a statement that never ends is stopped" {
	sql "create table items (n int not null default 0); insert into items select 0 from generate_series(1, 500);"
	migration 01_fill <<-'SQL'
		-- rung: batch table=items ctid size=1000
		update items set n = n + 1 where ctid > :lo and ctid <= :hi and n >= 0;
	SQL
	run_rung upgrade
	assert_status 6
	assert_errors_contain "still changes rows in pass 20"
}

@test "repeated: a statement that limits itself, until it changes nothing" {
	items 3000
	migration 01_fill <<-'SQL'
		-- rung: batch repeat table=items
		update items set n = n + 1
		 where id in (select id from items where n = 0 order by id limit 500 for update);
	SQL
	run_rung upgrade
	assert_status 0
	changed_once 3000
	assert_errors_contain "3000 rows in 7 chunks"
	nothing_is_left
}

@test "INSERT ... SELECT, DELETE, MERGE's elder WITH ... UPDATE, and quoted names" {
	sql "create schema \"Old Shop\"; create table \"Old Shop\".\"Items\" (\"Id\" int primary key, x text);
	     insert into \"Old Shop\".\"Items\" select g, 'x' || g from generate_series(1, 3000) g;
	     create table items (id int primary key, x text, n int not null default 0)"
	migration 01_fill <<-'SQL'
		-- rung: batch table="Old Shop"."Items" key="Id" size=200
		insert into items (id, x) select "Id", x from "Old Shop"."Items" where "Id" > :lo and "Id" <= :hi;

		-- rung: batch table=items key=ID size=200
		with twice as (select id from items where id > :lo and id <= :hi and id % 2 = 0)
		update items i set n = 1 from twice t where i.id = t.id;

		-- rung: batch table=items key=id size=200
		delete from items where id > :lo and id <= :hi and n = 0;
	SQL
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*), min(id), bool_and(x = 'x' || id), bool_and(n = 1) from items" "1500|2|t|t"
	assert_errors_match "3000 rows in .*1500 rows in .*1500 rows in"
}

@test "a rollback may go in chunks, too" {
	items 3000
	by_key
	rollback_of 01_fill <<-'SQL'
		-- rung: batch table=items key=id size=200
		update items set n = n - 1 where id > :lo and id <= :hi;
	SQL
	run_rung upgrade
	run_rung downgrade --force
	assert_status 0
	assert_sql "select n, count(*) from items group by n" "0|3000"
	assert_sql "select count(*) from schema_version" 0
	assert_sql "select count(*) from schema_version_batch" 0
}

@test "an empty table takes one chunk" {
	items 0
	by_key
	run_rung upgrade
	assert_status 0
	assert_errors_contain "0 rows in 1 chunks"
	nothing_is_left
}

@test "rows that come after it began are not its business" {
	items 5000
	sql "create function add_one() returns trigger language plpgsql as
	     'begin insert into items (id, n) select max(id) + 1, 100 from items; return null; end';
	     create trigger more after update on items for each statement execute function add_one()"
	by_key 500
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from items where n = 1" 5000
	assert_sql "select bool_and(n = 100) from items where id > 15000" t
}

# --- mistakes, found before anything runs --------------------------------------

@test "mistakes in the directive are refused before anything runs" {
	items 10
	migration 01_other <<<"create table other (id int);"
	local words statement message
	while IFS='|' read -r words statement message; do
		migration 02_fill <<-SQL
			-- rung: batch $words
			$statement;
		SQL
		assert_refused 2 upgrade
		assert_errors_contain "$message"
		assert_errors_contain "schema/02_fill.sql:2"
	done <<-'ROWS'
		table=items|update items set n = 1 where id > :lo and id <= :hi|a batch needs its key
		key=id|update items set n = 1 where id > :lo and id <= :hi|a batch needs its table
		table=items key=id|update items set n = 1|"id > :lo and id <= :hi"
		table=items key=id|update items set n = 1 where id > :lo|the statement of a batch has no bounds
		table=items key=a,b|update items set n = 1 where id > :lo and id <= :hi|no bound ":lo"
		table=items key=a,b|update items set n = 1|"(a, b) > (:lo_a, :lo_b) and (a, b) <= (:hi_a, :hi_b)"
		table=items key=a,b,c,d,e|update items set n = 1|"a,b,c,d,e" is not a valid value for key
		table=items key=id size=0|update items set n = 1 where id > :lo and id <= :hi|"0" is not a valid value for size
		table=items key=id size=many|update items set n = 1 where id > :lo and id <= :hi|"many" is not a valid value for size
		table=items key=id pause=soon|update items set n = 1 where id > :lo and id <= :hi|"soon" is not a valid value for pause
		table=items key=id time=0|update items set n = 1 where id > :lo and id <= :hi|"0" is not a valid value for time
		table=items key=id max-lag=|update items set n = 1 where id > :lo and id <= :hi|"" is not a valid value for max-lag
		table=items key=id maxlag=1s|update items set n = 1 where id > :lo and id <= :hi|Did you mean "max-lag"?
		table=items key=id key=n|update items set n = 1 where id > :lo and id <= :hi|a batch has its key twice
		table=items key=ctid|update items set n = 1 where ctid > :lo and ctid <= :hi|Write "-- rung: batch table=items ctid", without "key=".
		table=items key=id,"ctid"|update items set n = 1 where id > :lo and id <= :hi|ctid is no key
		table=items key=XMIN|update items set n = 1 where xmin > :lo and xmin <= :hi|the system column xmin cannot
		table=items key=id,ID|update items set n = 1 where id > :lo and id <= :hi|the key of a batch has the column "id" twice
		table=items key=id ctid|update items set n = 1 where id > :lo and id <= :hi|goes by key or by ctid, not both
		table=items ctid=3|update items set n = 1 where ctid > :lo and ctid <= :hi|"3" is not a valid value for ctid
		table=items ctid|update items set n = n + 1 where ctid > :lo and ctid <= :hi|process the rows again that it has changed
		table=items ctid|update items i set n = n + 1 where i.ctid > :lo and i.ctid <= :hi|process the rows again that it has changed
		table=items ctid|insert into items select * from items where ctid > :lo and ctid <= :hi|process the rows again
		table=items key=id|update items set n = 1 where id > :lo and id < :hi|":hi" is compared
		table=items key=id|update items set n = 1 where id between :lo and :hi|":lo" is compared
		table=items key=id|update items set n = 1 where id > :lo and id <= :hi or n = 0|OR is next to ":lo"
		table=items key=id|update items set id = id + 100 where id > :lo and id <= :hi|whose key "id" it has changed
		table=others key=id|update items set n = 1 where id > :lo and id <= :hi|does not name its table, others
		repeat|update items set n = 1 where id > :lo|no bound ":lo"
		table=items key=id|create index on items (n)|cannot run create as a batch
		table=items key=id|select count(*) from items where id > :lo and id <= :hi|cannot run select as a batch
	ROWS
	assert_sql "select to_regclass('other') is null" t
}

@test "a batch inside a transaction of the file, or with statements that share one, is refused" {
	items 10
	migration 01_fill <<-'SQL'
		-- rung: transaction: none
		begin;
		-- rung: batch table=items key=id
		update items set n = 1 where id > :lo and id <= :hi;
		commit;
	SQL
	assert_refused 2 upgrade
	assert_errors_contain "cannot run a batch inside the transaction that begins in line 2"
	migration 01_fill <<-'SQL'
		create table more (id int);
		-- rung: batch table=items key=id
		update items set n = 1 where id > :lo and id <= :hi;
	SQL
	assert_refused 2 upgrade
	assert_errors_contain "cannot run a batch (line 3) in one transaction with the statement in line 1"
}

@test "a script for psql cannot hold a batch" {
	items 10
	by_key
	assert_refused 2 upgrade --sql
	assert_errors_contain "a batch cannot be printed as SQL"
}

@test "a key that would leave rows out is refused" {
	local type value message
	while IFS='|' read -r type value message; do
		sql "drop table if exists items; create table items (id $type, n int not null default 0);
		     insert into items (id) values ($value)"
		by_key
		run_rung upgrade
		assert_status 6
		assert_errors_contain "$message"
		assert_errors_contain "Use another key, or ctid."
		assert_sql "select sum(n) from items" 0
		run_rung repair 01 --force
	done <<-'ROWS'
		int|null|a batch by id would skip rows where it is null
		text|''|a batch by id would skip rows where it is ""
		uuid|'00000000-0000-0000-0000-000000000000'|would skip rows where it is "00000000-
		timestamptz|'-infinity'|would skip rows where it is "-infinity"
		boolean|false|cannot start below all values of id, of type boolean
	ROWS
}

# Only the whole key at its least is where the first chunk starts: a part of it may be.
@test "a key of several columns with parts at their least" {
	local key
	for key in tenant,note note,tenant; do
		sql "drop table if exists items; create table items (tenant text, note text, n int not null default 0);
		     insert into items (tenant, note) select repeat('t', g % 3), case when g % 3 = 0 or g % 5 > 0 then 'x' || g else '' end
		       from generate_series(1, 500) g"
		migration 01_fill <<-SQL
			-- rung: batch table=items key=$key size=50
			update items set n = n + 1 where (${key/,/, }) > (:lo_${key/,/, :lo_}) and (${key/,/, }) <= (:hi_${key/,/, :hi_});
		SQL
		rollback_of 01_fill <<<"update items set n = 0;"
		run_rung upgrade
		assert_status 0
		changed_once 500
		run_rung downgrade --force
		assert_status 0
	done
	sql "insert into items values ('', ''), ('', 'a')"
	run_rung upgrade
	assert_status 6
	assert_errors_contain 'a batch by note, tenant would skip rows where it is "", ""'
	assert_sql "select sum(n) from items" 0
}

@test "a table or column that is not there" {
	items 10
	migration 01_fill <<-'SQL'
		-- rung: batch table=itms key=id
		update itms set n = 1 where id > :lo and id <= :hi;
	SQL
	run_rung upgrade
	assert_errors_contain 'relation "itms" does not exist'
	migration 01_fill <<-'SQL'
		-- rung: batch table=items key=idd
		update items set n = 1 where id > :lo and id <= :hi;
	SQL
	run_rung repair 01 --force
	run_rung upgrade
	assert_errors_contain 'the table items has no column "idd"'
}

# --- stopped in the middle -----------------------------------------------------

# Kills the program once it has come up to LIMIT rows further than the last time, TIMES times.
kill_often() {
	local times=$1 limit=$2 from killed
	for ((killed = 0; killed < times; killed++)); do
		from=$(rows_done)
		start_rung upgrade
		wait_until 30 has_done $((from + RANDOM % limit))
		kill -KILL "$rung_pid"
		finish_rung
		if [ "$status" -ne 137 ]; then fail "not killed, but ended"; fi
	done
}

@test "killed ten times at random, every row is changed exactly once" {
	local rows=300000
	if [ -n "${RUNG_TEST_LONG:-}" ]; then rows=1000000; fi
	items "$rows"
	by_key 1000 "pause=5ms time=10ms"
	kill_often 10 $((rows / 40))
	assert_sql "select rows between 1 and $rows - 1 from schema_version_batch" t
	assert_sql "select count(*) = (select rows from schema_version_batch) from items where n = 1" t
	run_rung upgrade
	assert_status 0
	changed_once "$rows"
	nothing_is_left
	assert_sql "select count(*) from schema_version_log where outcome = 'done'" 1
}

@test "a connection cut before or after the answer to a COMMIT: the position tells what happened" {
	items 3000
	local when commit
	for when in before after; do
		for commit in 4 6 8; do
			sql "update items set n = 0; set client_min_messages = warning; drop table if exists
			     schema_version, schema_version_log, schema_version_step, schema_version_batch"
			by_key 200 "time=1ms"
			proxy_start "--cut-$when-commit-reply" --commit "$commit" --cut-once
			run_rung upgrade
			assert_status 0
			assert_errors_contain "connecting again to see what was committed"
			DATABASE_URL=$DIRECT_URL
			changed_once 3000
			nothing_is_left
		done
	done
}

# A shell's background jobs ignore Ctrl-C; this one does not.
start_interruptible() {
	printf '#!/bin/sh\nexec env --default-signal=INT "%s" "$@"\n' "$RUNG" >.interruptible
	chmod +x .interruptible
	RUNG=$PROJECT/.interruptible start_rung "$@"
}

@test "Ctrl-C stops after the chunk, and the same command continues" {
	items 6000
	by_key 500 "pause=200ms time=5ms"
	start_interruptible upgrade
	wait_until 20 has_done 1000
	kill -INT "$rung_pid"
	finish_rung
	assert_status 130
	assert_errors_match "The batch was paused after [0-9]+ rows"
	assert_errors_contain "The same command continues from there"
	local rows
	rows=$(rows_done)
	assert_sql "select count(*) from items where n = 1" "$rows"
	assert_sql "select state from schema_version" partial
	run_rung status
	assert_output_contains "01_fill"
	run_rung upgrade
	assert_status 0
	changed_once 6000
	nothing_is_left
}

# told_everywhere WORDS - anyone who looks, in words or as JSON, is told how far the batch came.
told_everywhere() {
	local words=$1 rows=$2
	run_rung status
	assert_output_contains "Half ${3:-done}"
	assert_output_contains "0 of 1 statement; of the next, $words; continue with"
	assert_output_matches "Last failure .*; $words"
	run_rung show 1
	assert_output_contains "0 of 1 statement; of the next, $words"
	run_rung current
	assert_errors_contain "0 of 1 statement; of the next, $words"
	run_rung log
	assert_output_contains "cancelled; $words"
	run_rung check
	assert_status 3
	assert_output_contains ": 0 of 1 statement; of the next, $words. "
	run_rung status --json
	assert_equal "$(jq -c 'select(.type == "status") | [.batch_rows, .batch_table, .batch_key]' <<<"$output")" "[$rows,\"items\",\"$KEY\"]"
	run_rung show 1 --json
	assert_equal "$(jq -c 'select(.type == "record") | [.batch_rows, .batch_table, .batch_key]' <<<"$output")" "[$rows,\"items\",\"$KEY\"]"
	run_rung log --json
	assert_output_contains "cancelled; $words"
	run_rung check --json
	assert_output_contains "of the next, $words"
}

# stop_within COMMAND… - Ctrl-C once some rows are done; prints nothing.
stop_within() {
	start_interruptible "$@"
	wait_until 30 has_done 1000
	kill -INT "$rung_pid"
	finish_rung
	assert_status 130
}

@test "where a batch stopped is reported everywhere, and before somebody starts it over" {
	local rows lo words
	KEY=id
	items 20000
	by_key 500 "pause=400ms time=5ms"
	stop_within upgrade
	rows=$(rows_done)
	lo=$(sql "select lo[1] from schema_version_batch")
	words="$rows rows of table items are done, up to id $lo of 60000"
	assert_errors_contain "0 of 1 statements; of the next, $words. The same command continues from there"
	told_everywhere "$words" "$rows"
	assert_sql "select count(*), max(id) from items where n = 1" "$rows|$lo"
	run_rung status --json
	assert_equal "$(jq -c 'select(.type == "status") | [.batch_done_to, .batch_ends_at]' <<<"$output")" "[\"$lo\",\"60000\"]"

	assert_refused 2 repair 1
	assert_errors_contain "in part: schema/01_fill.sql:2: $words"
	assert_errors_contain "needs a person to confirm it"
	run_rung repair 1 --json
	assert_equal "$(jq -c 'select(.type == "note") | [.version, .count]' <<<"$output")" "[1,$rows]"
	if script -qec true /dev/null >/dev/null 2>&1; then
		on_terminal $'n\n' repair 1
		contains "$(tr -d '\r\n' <<<"$output")" "01_fill starts over with its first statement, and $words. Is all of this undone in \"$TEST_DATABASE\"" ||
			fail "asked without the position"
	fi
	# The file may be gone by then.
	mkdir elsewhere
	mv schema/01_fill.sql rollback/rollback_01_fill.sql elsewhere
	run_rung show 1
	assert_output_contains "0 statements; of the next, $rows rows are done, up to $lo of 60000"
	mv elsewhere/01_fill.sql schema
	mv elsewhere/rollback_01_fill.sql rollback
	sed -i 's/pause=400ms//' schema/01_fill.sql
	run_rung upgrade
	assert_status 0
	changed_once 20000
	run_rung status
	refute_output_contains "of the next"
	run_rung status --json
	assert_equal "$(jq -c 'select(.type == "status") | [.batch_rows, .batch_table]' <<<"$output")" "[null,null]"
}

@test "the same of several columns, of pages, and on the way down" {
	local rows
	sql "create table items (tenant text, id int, n int not null default 0, primary key (tenant, id));
	     insert into items (tenant, id) select 't' || g % 7, g from generate_series(1, 20000) g"
	migration 01_fill <<-'SQL'
		-- rung: batch table=items key=tenant,id size=500 pause=400ms time=5ms
		update items set n = n + 1
		 where (tenant, id) > (:lo_tenant, :lo_id) and (tenant, id) <= (:hi_tenant, :hi_id);
	SQL
	rollback_of 01_fill <<-'SQL'
		-- rung: batch table=items ctid size=500 pause=400ms time=5ms
		update items set n = n - 1 where ctid > :lo and ctid <= :hi and n = 1;
	SQL
	stop_within upgrade
	rows=$(rows_done)
	KEY="tenant, id"
	told_everywhere "$rows rows of table items are done, up to tenant, id $(sql "select lo[1] || ', ' || lo[2] from schema_version_batch") of t6, 19998" "$rows"
	sed -i 's/pause=400ms//' schema/01_fill.sql
	run_rung upgrade
	assert_status 0

	stop_within downgrade --force
	rows=$(rows_done)
	KEY=page
	told_everywhere "$rows rows of table items are done, up to page $(sql "select split_part(trim('(' from lo[1]), ',', 1) || ' of ' || split_part(trim('(' from hi[1]), ',', 1) from schema_version_batch")" "$rows" "rolled back"
	sed -i 's/pause=400ms//' rollback/rollback_01_fill.sql
	run_rung downgrade --force
	assert_status 0
	assert_sql "select n, count(*) from items group by n" "0|20000"
}

@test "a statement edited after it began is refused; repair starts over" {
	items 20000
	sql "alter table items add check (id <> 30000 or n = 0)"
	by_key 1000
	run_rung upgrade
	assert_status 6
	local rows
	rows=$(rows_done)
	sed -i 's/n + 1/n + 2/' schema/01_fill.sql
	run_rung upgrade
	assert_errors_contain "the statement of a batch was edited after it had begun"
	assert_sql "select count(*) from items where n = 1" "$rows"
	sed -i 's/n + 2/n + 1/' schema/01_fill.sql
	sql "alter table items drop constraint items_check"
	run_rung upgrade
	assert_status 0
	changed_once 20000
}

@test "a row that fails in the middle: once fixed, the batch continues where it was" {
	items 20000
	sql "alter table items add constraint polite check (note <> 'bad' or n = 0);
	     update items set note = 'bad' where id = 24000"
	by_key 1000 "time=1ms"
	run_rung upgrade
	assert_status 6
	assert_errors_contain "schema/01_fill.sql:2"
	assert_errors_contain 'violates check constraint "polite"'
	assert_errors_match '"01_fill" is half.done: 0 of 1 statements'
	local rows
	rows=$(rows_done)
	assert_sql "select count(*) from items where n = 1" "$rows"
	assert_sql "select $rows between 5000 and 7999" t
	run_rung check
	assert_status 3
	# Smaller chunks may come closer to the row, never past it.
	run_rung upgrade
	assert_status 6
	assert_sql "select count(*) = $(rows_done) and count(*) between $rows and 7999 from items where n = 1" t
	sql "update items set note = 'good' where id = 24000"
	run_rung resume
	assert_status 0
	changed_once 20000
	nothing_is_left
}

# --- beside others -------------------------------------------------------------

# Holds the row `id` until the file .release is there.
hold_row() {
	psql -XAtq -d "$DATABASE_URL" >"$PROJECT/.holder" 2>&1 3>&- <<-SQL &
		set application_name = 'holder';
		begin;
		select id from items where id = $1 for update;
		\\! while ! test -e $PROJECT/.release; do sleep 0.02; done
		commit;
	SQL
	holder=$!
	wait_for "exists (select from pg_stat_activity where application_name = 'holder' and state = 'idle in transaction')"
}

@test "rows that somebody holds make chunks smaller, and are not lost" {
	items 20000
	by_key 5000
	hold_row 24000
	start_rung upgrade
	wait_until 20 grep -q "trying again with a smaller one" "$PROJECT/.errors.$rung_pid"
	touch .release
	finish_rung
	wait "$holder"
	assert_status 0
	changed_once 20000
	nothing_is_left
}

@test "waiting for held rows ends: who holds them, the SQL that ends it, and the same command continues" {
	items 20000
	by_key 5000
	hold_row 24000
	run_rung upgrade --lock-wait 500ms
	assert_status 6
	assert_errors_match 'pid [0-9]+ \(user postgres, application "holder", idle in transaction, .*has rows of items'
	assert_errors_match 'SELECT pg_terminate_backend\([0-9]+\)'
	assert_sql "select count(*) from items where n = 1" "$(rows_done)"
	touch .release
	wait "$holder"
	run_rung upgrade
	assert_status 0
	changed_once 20000
}

@test "two deployers at once: one works, both end well, every row once" {
	items 20000
	by_key 500 "pause=10ms"
	start_rung upgrade
	local first=$rung_pid said
	start_rung upgrade
	finish_rung "$first"
	assert_status 0
	said=$output
	finish_rung
	assert_status 0
	output="$said$output"
	assert_output_contains "1 migration done"
	assert_output_contains "nothing to do, the database is at 01_fill"
	changed_once 20000
}

@test "a lag nobody may read is said once, and nothing waits for it" {
	items 20000
	sql "drop role if exists batch_deployer; create role batch_deployer login;
	     grant all on schema public to batch_deployer; alter table items owner to batch_deployer"
	by_key 1000 "max-lag=1s"
	DATABASE_URL=${DATABASE_URL/postgres@/batch_deployer@} run_rung upgrade
	sql "reassign owned by batch_deployer to postgres; drop owned by batch_deployer; drop role batch_deployer"
	assert_status 0
	assert_equal "$(grep -c 'lag of replicas cannot be read' <<<"$errors")" 1
	changed_once 20000
}

@test "a replica that lags holds the chunks back" {
	if [ -n "${RUNG_TEST_SERVER_URL:-}" ]; then skip "a replica needs the private server"; fi
	server_start_own "primary$BATS_SUITE_TEST_NUMBER" wal_level=replica max_wal_senders=4
	local primary=$TEST_SERVER replica=$TEST_SERVER-replica
	test_servers+=("$replica")
	items 20000
	server_folder "$RUNG_RUN/$replica"
	ln -s "$(server_bindir)" "$RUNG_RUN/$replica/bin"
	(cd / && as_server_user "$(server_bindir)/pg_basebackup" -R -c fast -U postgres -h "$RUNG_RUN/$primary" \
		-D "$RUNG_RUN/$replica/data")
	echo "unix_socket_directories = '$RUNG_RUN/$replica'
recovery_min_apply_delay = 1s" | as_server_user tee -a "$RUNG_RUN/$replica/data/postgresql.conf" >/dev/null
	server_start "$replica"
	wait_for "exists (select from pg_stat_replication where state = 'streaming')"

	# As long as somebody writes the replica stays behind; the writer ends with its server.
	sql "create table other (n int)"
	while sql "insert into other values (1)" >/dev/null 2>&1; do sleep 0.05; done 3>&- 4>&- &
	local writer=$! rows
	wait_for "(select replay_lag > '200ms' from pg_stat_replication)"
	by_key 5000 "max-lag=200ms"
	start_rung upgrade
	wait_until 20 has_done 1
	wait_for "exists (select from pg_stat_activity where application_name ~ 'rung' and query ~ 'replay_lag')"
	rows=$(rows_done)
	kill "$writer"
	finish_rung
	assert_status 0
	[ "$rows" -lt 20000 ]
	changed_once 20000
}

# Each chunk sleeps, so that the run outlasts what a quick one is spared.
@test "progress: rows, rate and what is left; on a terminal, and as objects for programs" {
	need_terminal
	items 2000
	migration 01_fill <<-SQL
		-- rung: batch table=items key=id size=100 time=1ms
		update items set n = n + 1 where id > :lo and id <= :hi and (select pg_sleep(0.15) is not null);
	SQL
	rollback_of 01_fill <<<"update items set n = 0;"
	local progress='[0-9]+ rows, [0-9]+ a second, [0-9]+ a chunk, [0-9.]+ m?s left'
	run_rung upgrade --json
	assert_status 0
	assert_output_matches "\"type\":\"progress\".*\"name\":\"01_fill\".*$progress"
	run_rung downgrade --force
	if ! command -v script >/dev/null; then skip "script(1) is not installed"; fi
	run script -qec "TERM=xterm '$RUNG' upgrade" /dev/null
	assert_status 0
	assert_output_matches "01_fill +[0-9]+ %  $progress"
	changed_once 2000
}
