# Large inputs: what the client holds of them, and being asked to stop while they travel.

load ../lib/rung

# peak_of FILE - kB that the run whose report this is had in memory at most.
peak_of() { tail -n 1 "$1"; }

# run_measured MOST_KB ARGS... - as run_rung, in no more memory than that.
run_measured() {
	local most=$1
	shift
	run --separate-stderr limited "${RUNG_TEST_TIMEOUT:-300}" /usr/bin/time -f %M -o peak "$RUNG" "$@"
	errors=$stderr
	last_command="rung $*"
	[ "$(peak_of peak)" -le "$most" ] || fail "took $(peak_of peak) kB, $most kB are enough"
}

# What a file waits for until "update gate set is_open = true".
wait_at_gate="do \$\$ begin while not (select is_open from gate) loop perform pg_sleep(0.02); end loop; end \$\$;"

need_time() { [ -x /usr/bin/time ] || skip "no /usr/bin/time here"; }

@test "rows that a file selects are not gathered" {
	need_time
	# 60 MB of them, in a flight, on the ground (beside a COPY) and statement by statement.
	migration 01_flight <<<"select i, repeat('x', 1000) from generate_series(1, 60000) i;"
	migration 02_ground <<-'SQL'
		create table t (i int);
		copy t from stdin;
		1
		\.
		select i, repeat('x', 1000) from generate_series(1, 60000) i;
		select i from t; select 1 \; select 2;
	SQL
	migration 03_plain <<-'SQL'
		-- rung: transaction: none
		select i, repeat('x', 1000) from generate_series(1, 60000) i;
		update t set i = 2 returning i;
	SQL
	run_measured 32768 upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version" 3
	assert_sql "select i from t" 2
}

@test "an error after rows that were sent already is reported in its place" {
	migration 01_a <<-'SQL'
		create table a (i int);
		select 1000 / (5000 - i) from generate_series(1, 10000) i;
	SQL
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/01_a.sql:2:1"
	assert_errors_contain "division by zero"
	assert_sql "select to_regclass('a') is null" t
}

@test "a large notice is cut on its way to screen and log" {
	need_time
	migration 01_a <<<"do \$\$ begin raise notice 'begins %', repeat('ü', 5000000) using detail = repeat('x', 1000000); end \$\$;"
	run_measured 65536 --log-file run.log upgrade
	assert_status 0
	assert_errors_contain "NOTICE: begins üüü"
	assert_errors_contain "ü... (10000007 bytes in all)"
	[ "$(printf %s "$output$errors" | wc -c)" -lt 8192 ] || fail "a lot was said"
	[ "$(wc -c <run.log)" -lt 8192 ] || fail "a lot was logged"
	assert_equal "$(iconv -f UTF-8 -t UTF-8 run.log | wc -c)" "$(wc -c <run.log)" "a character was cut in two"
}

listens() {
	backend=$(sql "select pid from pg_stat_activity where wait_event = 'ClientRead' and query ~ '^select ''marker'")
	[ -n "$backend" ]
}

@test "a signal to stop is heard while a large statement is being sent" {
	migration 01_before <<<"create table before (i int);"
	{
		echo "create table a (c text); select 'marker';"
		echo "insert into a select left('"
		yes "$(printf '%0999d' 0)" | head -n 60000
		echo "', 10);"
	} | migration 02_a
	start_rung upgrade
	# The server has answered what came before, and listens to the rest until it is stopped.
	local backend
	wait_until 15 listens
	kill -STOP "$backend"
	kill -TERM "$rung_pid"
	finish_rung
	kill -CONT "$backend"
	assert_status 130
	assert_errors_contain 'the last of them "01_before"'
	wait_for "select not exists (select from pg_stat_activity where pid = $backend)"
	assert_sql "select string_agg(name, ' '), to_regclass('a') is null, to_regclass('before') is not null from schema_version" "01_before|t|t"
}

@test "files that include each other without end are refused with both ends of the chain" {
	local i
	mkdir inc
	for ((i = 1; i <= 250; i++)); do echo "\\ir f$((i + 1)).sql" >"inc/f$i.sql"; done
	migration 01_a <<<'\ir ../inc/f1.sql'
	run_rung upgrade --dry-run
	assert_status 2
	assert_errors_contain "inc/f200.sql:1:1"
	assert_errors_contain "more than 200 files"
	run_rung check --offline
	assert_output_contains "inc/f201.sql"
	migration 01_a <<<'\ir 01_a.sql'
	run_rung upgrade --dry-run
	assert_status 2
	assert_errors_contain "it would include itself"
}

@test "numbers that no migration can have are named, in the history and in files" {
	migration 01_a <<<"create table a (i int);"
	sql "create table schema_version (version bigint primary key, description text, applied_at timestamptz default now())"
	sql "insert into schema_version values (0, 'zero'), (-5, 'minus five')"
	run_rung upgrade
	assert_status 3
	assert_errors_contain 'migration "-5" is in the history'
	assert_errors_contain 'migration "00" is in the history'
	run_rung status
	assert_output_contains "Next: rung repair --forget -- -5"
	run_rung repair --forget -- -5
	assert_status 0
	run_rung repair --forget -- 0
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_sql "select version from schema_version" 1

	migration 1234567890123456789_b <<<"create table b (i int);"
	run_rung upgrade
	assert_status 2
	assert_errors_contain '"schema/1234567890123456789_b.sql" has a number of 19 digits'
	run_rung check --offline
	assert_status 3
	assert_output_contains "[long-number]"
}

# statements COUNT - so many of them, 60 bytes each.
statements() { seq "$1" | sed "s/.*/insert into t values (&, 'a text that has some length');/"; }

@test "a file of many statements is read, cut and sent as it goes" {
	need_time
	{
		echo 'create table t (i int, c text); \echo begun'
		statements 20000
		echo '\echo almost done'
		echo 'prepare p as select 1; select 1 \; select 2;'
	} | migration 01_many
	rollback_of 01_many <<<"drop table t;"
	migration 02_small <<<'\echo next
	create table u ();'
	run_measured 18432 upgrade
	assert_status 0
	assert_output_matches "begun.*almost done.*01_many.*next.*02_small"
	assert_sql "select count(*) from t" 20000
	assert_sql "select statements_done from schema_version where version = 1" 20006
	assert_sql "select count(*) from schema_version_log where outcome = 'done'" 2

	# What the server complains of is found again; in the middle of many, and after COPY data.
	{
		statements 3000
		echo 'select'
		echo '    1 / 0;'
		statements 3000
	} | migration 03_wrong
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/03_wrong.sql:3001:1"
	{
		statements 3000
		echo "copy t from stdin;"
		seq -f "%g	text" 30000
		echo '\.'
		echo 'select nothing from nowhere;'
		statements 3000
	} | migration 03_wrong
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/03_wrong.sql:33003:21"
	assert_sql "select count(*) from t" 20000
	sed -i '/nowhere/d' schema/03_wrong.sql
	run_measured 18432 upgrade
	assert_status 0
	assert_sql "select count(*) from t" 56000
}

@test "a large file that is edited while it runs is rolled back" {
	{
		echo "create table t (i int, c text); $wait_at_gate"
		statements 20000
		echo "insert into t values (1, 'the last one');"
	} | migration 01_many
	sql "create table gate as select false as is_open"
	start_rung upgrade
	wait_for "exists (select from pg_stat_activity where query ~ '^do .*gate')"
	printf "'the last 1st');\n" | dd of=schema/01_many.sql bs=1 conv=notrunc status=none \
		seek=$(($(wc -c <schema/01_many.sql) - 17))
	sql "update gate set is_open = true"
	finish_rung
	assert_status 2
	assert_errors_contain '"schema/01_many.sql" was changed while it ran'
	assert_sql "select to_regclass('t') is null, count(*) from schema_version" "t|0"
	run_rung upgrade
	assert_status 0
	assert_sql "select c from t where i = 1 order by c collate \"C\" desc limit 1" "the last 1st"
}

@test "what the schema is like is kept without being held" {
	local base
	need_time
	migration 01_many <<-'SQL'
		do $$ begin for i in 1..500 loop
			execute format('create table t_%s (id bigint primary key, a int check (a > 0), b text default 1)', i);
			execute format('create index on t_%s (b)', i);
		end loop; end $$;
	SQL
	run_rung upgrade
	run_measured 65536 status
	base=$(peak_of peak)
	# 4,500 objects: a tenth of what a whole picture of them would take.
	run_measured $((base + 2048)) repair --accept-drift
	assert_status 0
}

@test "large files of every kind take the memory of small ones" {
	long_only
	need_time
	{
		echo "create table t (i int, c text);"
		statements 1000000
	} | migration 01_statements
	run_measured 20480 upgrade
	assert_status 0
	{
		yes "insert into t values (1, '$(printf '%0960d' 0)');" | head -n 100000
	} | migration 02_inserts
	run_measured 16384 upgrade
	assert_status 0
	{
		echo "copy t from stdin;"
		yes "1	$(printf '%0990d' 0)" | head -n 100000
		echo '\.'
	} | migration 03_copy
	run_measured 16384 upgrade
	assert_status 0
	assert_sql "select count(*) from t" 1200000
}

# cut_short FILE ARGS… - the program meets FILE cut off in the middle of a page while it waits at the gate.
cut_short() {
	local file=$1
	shift
	sql "update gate set is_open = false"
	start_rung "$@"
	wait_for "select exists (select from pg_stat_activity where wait_event = 'PgSleep')"
	truncate -s 1234567 "$file"
	sql "update gate set is_open = true"
	finish_rung
	assert_errors_contain "\"$file\" became shorter while it was read"
}

@test "a file that is cut short while it is read is an error, and nothing after the cut runs" {
	local line head rows
	sql "create table gate (is_open bool); insert into gate values (false); create table t (i int, c text);
		create function wait() returns trigger language plpgsql as
		\$\$ begin while not (select is_open from gate) loop perform pg_sleep(0.02); end loop; return new; end \$\$;
		create trigger wait before insert on t for each row when (new.i = 1) execute function wait()"
	line=$(printf '%0500d' 0)
	# Statements, as they are read and held whole: a DELETE without its condition must not be run.
	for head in "-- a file" "-- rung: transaction: none"; do
		{ echo "$head" && echo "$wait_at_gate" && yes "delete from t where i = 5 and c = '$line';" | head -n 4000; } | migration 01_a
		sql "delete from t; insert into t values (7)"
		cut_short schema/01_a.sql upgrade
		[ "$status" -eq 2 ] || [ "$status" -eq 6 ] || fail "status $status"
		assert_sql "select i from t" 7
		run_rung repair 1
		sql "truncate t; delete from schema_version"
	done
	# Data below the statement, and of a file.
	rows=$({ seq 1 2 | sed "s/\$/\t$line/" && yes "2	$line" | head -n 4000; })
	{ echo "copy t from stdin;" && echo "$rows" && echo "\\." && echo "select 1;"; } | migration 01_a
	cut_short schema/01_a.sql upgrade
	assert_status 2
	echo "$rows" >rows.tsv
	migration 01_a <<<"\\copy t from 'rows.tsv'"
	cut_short rows.tsv upgrade
	assert_status 2
	mkdir schema/seed
	mv schema/01_a.sql schema/seed
	echo "$rows" >rows.tsv
	cut_short rows.tsv seed
	assert_status 2
	assert_sql "select count(*) from t" 0
}
