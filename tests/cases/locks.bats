# Tables that are in use: rung waits outside the queue, says for whom, tries
# again as a whole, and gives up in time.

load ../lib/rung

# hold "SQL" - does it in a transaction that stays open, idle, until release.
hold() {
	mkfifo "$PROJECT/.hold"
	psql -XAtq -d "$DATABASE_URL" <"$PROJECT/.hold" >/dev/null 2>&1 3>&- 4>&- &
	exec 9>"$PROJECT/.hold"
	echo "set application_name = 'the holder'; begin; $1;" >&9
	wait_for "exists (select from pg_stat_activity where application_name = 'the holder' and state = 'idle in transaction' and query !~ '^begin')"
	holder=$(sql "select pid from pg_stat_activity where application_name = 'the holder'")
}
release() {
	echo 'commit; \q' >&9
	exec 9>&-
	rm "$PROJECT/.hold"
}
teardown() {
	exec 9>&-
	rung_teardown
}

# A reader whose query runs until somebody ends it.
busy_reader() {
	psql -XAtq -d "$DATABASE_URL" -c "select count(*), pg_sleep(120) from a" >/dev/null 2>&1 3>&- 4>&- 9>&- &
	# Active it is before it has its lock, asleep only after.
	wait_for "exists (select from pg_stat_activity where query ~ '^select count.*pg_sleep' and wait_event = 'PgSleep')"
}

# The tables a and b, as 01.
tables() {
	migration 01_tables <<<"create table a (id int); create table b (id int); insert into a select generate_series(1, 1000);"
	run_rung upgrade
	assert_status 0
}

# meanwhile "CONDITION" - creates what a migration calls to wait, at its first try, until it is true.
meanwhile() {
	sql "create sequence tries;
		create function meanwhile() returns void language plpgsql as \$\$
		begin
			if nextval('tries') > 1 then return; end if;
			while not ($1) loop
				perform pg_sleep(0.02), pg_stat_clear_snapshot();
			end loop;
		end \$\$"
}
in_use="exists (select from pg_stat_activity where application_name = 'the holder' and state = 'idle in transaction' and query !~ '^begin')"

@test "an old reader is waited for outside the queue, named, and nobody else stalls" {
	tables
	hold "select count(*) from a"
	migration 02_alter <<<"alter table a add column n int;"
	start_rung upgrade 9>&-
	wait_until 20 grep -q "waiting for a lock: pid $holder (user postgres, application \"the holder\", idle in transaction" \
		"$PROJECT/.errors.$rung_pid"
	for _ in 1 2 3 4 5; do
		assert_sql "select count(*) from pg_locks where not granted" 0
		assert_sql "set statement_timeout = '2s'; select count(*) from a" 1000
	done
	assert_sql "select count(*) from schema_version" 1
	release
	finish_rung
	assert_status 0
	assert_sql "select count(*) from schema_version_log where outcome = 'done'" 2
	assert_sql "select count(n) from a" 0
}

@test "without the grammar of libpg_query a lock is asked for under its timeout, and taken in the end" {
	[ -e "${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so" ] || skip "faults.so is not built"
	tables
	hold "select count(*) from a"
	migration 02_alter <<<"alter table a add column n int;"
	RUNG_FAULT_LIBRARY=libpg_query LD_PRELOAD=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so start_rung upgrade 9>&-
	wait_until 20 grep -q "02_alter could not acquire its locks" "$PROJECT/.errors.$rung_pid"
	release
	finish_rung
	assert_status 0
	assert_sql "select string_agg(version || ' ' || outcome, ', ' order by id) from schema_version_log" "1 done, 2 done"
	assert_sql "select count(n) from a" 0
}

@test "waiting ends: exit 4, naming who is in the way and what would end it" {
	tables
	hold "select count(*) from a"
	migration 02_b <<<"alter table b add column n int;"
	migration 03_alter <<<"alter table a add column n int;"
	run_rung upgrade --lock-wait 700ms 9>&-
	assert_status 4
	assert_errors_contain "could not acquire the locks in time"
	assert_errors_contain "pid $holder"
	assert_errors_contain "pg_terminate_backend($holder)"
	assert_sql "select max(version) from schema_version" 2
	assert_sql "select count(*) from pg_locks where not granted" 0
	release
}

@test "patience begins anew with every step" {
	tables
	meanwhile "clock_timestamp() > now() + interval '6 s'"
	migration 02_slow <<<"select meanwhile();"
	migration 03_alter <<<"alter table a add column n int;"
	hold "select count(*) from a"
	start_rung upgrade --lock-wait 5s 9>&-
	# It has got behind the slow one, where a patience of the whole run would have ended, and looks who is in the way.
	wait_for "exists (select from pg_stat_activity where query ~ 'deadlock_timeout' and pid <> pg_backend_pid()
		and query_start > (select applied_at from schema_version where version = 2))"
	release
	finish_rung
	assert_status 0
}

@test "who holds what nobody needs is not waited for" {
	tables
	hold "select count(*) from b"
	migration 02_alter <<<"alter table a add column n int;"
	run_rung upgrade --lock-wait 300ms 9>&-
	assert_status 0
	release
}

@test "a reader does not hinder what only blocks writers" {
	tables
	hold "select count(*) from a"
	migration 02_index <<<"create index a_id on a (id);"
	run_rung upgrade --lock-wait 300ms 9>&-
	assert_status 0
	release
}

@test "--terminate-blockers ends an idle transaction of that age" {
	tables
	hold "select count(*) from a"
	migration 02_alter <<<"alter table a add column n int;"
	run_rung upgrade --terminate-blockers 300ms 9>&-
	assert_status 0
	assert_errors_contain "terminating pid $holder"
	assert_sql "select count(*) from pg_stat_activity where application_name = 'the holder'" 0
}

@test "--cancel-blockers cancels a query, and leaves an idle transaction alone" {
	tables
	migration 02_alter <<<"alter table a add column n int;"
	busy_reader
	run_rung upgrade --cancel-blockers 300ms
	assert_status 0
	assert_errors_contain "cancelling the query of pid"
	hold "select count(*) from a"
	migration 03_alter <<<"alter table a add column m int;"
	run_rung upgrade --cancel-blockers 300ms --lock-wait 1s 9>&-
	assert_status 4
	refute_errors_contain "cancelling"
	release
}

@test "who may be terminated is asked to stop first" {
	tables
	migration 02_alter <<<"alter table a add column n int;"
	busy_reader
	run_rung upgrade --terminate-blockers 300ms
	assert_status 0
	assert_errors_contain "cancelling the query of pid"
	refute_errors_contain "terminating"
}

@test "what a build CONCURRENTLY waits for is cancelled, or terminated" {
	tables
	migration 02_index <<<"create index concurrently a_id on a (id);"
	busy_reader
	run_rung upgrade --cancel-blockers 300ms
	assert_status 0
	assert_errors_match "02_index.*blocked by pid [0-9]+"
	assert_errors_contain "cancelling the query of pid"
	migration 03_drop <<<"drop index concurrently a_id;"
	hold "select count(*) from a where id > 0"
	run_rung upgrade --terminate-blockers 300ms 9>&-
	assert_status 0
	assert_errors_contain "terminating pid $holder"
	assert_sql "select to_regclass('a_id') is null" t
}

@test "an idle transaction that a build CONCURRENTLY waits for is not cancelled" {
	tables
	migration 02_index <<<"create index concurrently a_id on a (id);"
	hold "insert into a values (0)"
	start_rung upgrade --cancel-blockers 300ms 9>&-
	wait_until 20 grep -q "02_index.*blocked by pid $holder" "$PROJECT/.errors.$rung_pid"
	release
	finish_rung
	assert_status 0
	refute_errors_contain "cancelling"
}

@test "a refused lock rolls back the whole file and starts it again" {
	tables
	meanwhile "$in_use"
	migration 02_two <<-SQL
		insert into b values (1);
		select meanwhile();
		alter table a add column n int;
	SQL
	migration 03_c <<<"create table c (id int);"
	start_rung upgrade
	wait_for "(select is_called from tries)"
	hold "select count(*) from a"
	wait_until 20 grep -q "02_two could not acquire its locks" "$PROJECT/.errors.$rung_pid"
	release
	finish_rung
	assert_status 0
	assert_sql "select count(*) from b" 1
	assert_sql "select last_value >= 2 from tries" t
	assert_sql "select count(*), count(n) from a" "1000|0"
	assert_sql "select string_agg(version || ' ' || outcome, ', ' order by id) from schema_version_log" "1 done, 2 done, 3 done"
}

@test "with COPY data, a refused lock starts the file again too" {
	tables
	meanwhile "$in_use"
	printf "copy b from stdin;\n1\n\\.\nselect meanwhile();\nalter table a add column n int;\n" >schema/02_data.sql
	start_rung upgrade
	wait_for "(select is_called from tries)"
	hold "select count(*) from a"
	wait_until 20 grep -q "02_data could not acquire its locks" "$PROJECT/.errors.$rung_pid"
	release
	finish_rung
	assert_status 0
	assert_sql "select count(*) from b" 1
}

@test "tries that never get their lock end with exit 4, the database as it was" {
	tables
	migration 02_two <<-SQL
		create table c (id int);
		do \$\$ begin execute 'alter table a add column n int'; end \$\$;
	SQL
	hold "select count(*) from a"
	run_rung upgrade --lock-wait 1500ms 9>&-
	assert_status 4
	assert_errors_contain "55P03"
	assert_errors_contain "tries for the locks of 02_two"
	assert_sql "select to_regclass('c') is null" t
	assert_sql "select max(version) from schema_version" 1
	release
}

@test "a deadlock is tried again" {
	tables
	meanwhile "exists (select from pg_locks where not granted)"
	migration 02_two <<-SQL
		-- rung: lock-timeout: 60s
		update a set id = id where id = 1;
		select meanwhile();
		update b set id = id;
	SQL
	sql "insert into b values (1)"
	start_rung upgrade
	wait_for "(select is_called from tries)"
	psql -XAtq -d "$DATABASE_URL" -c "set deadlock_timeout = '60s'" -c "begin; update b set id = id; update a set id = id where id = 1; commit" >/dev/null 2>&1 3>&- 4>&- &
	finish_rung
	assert_status 0
	assert_sql "select last_value >= 2 from tries" t
}

@test "the file's own lock-timeout holds" {
	tables
	migration 02_look <<<$'-- rung: lock-timeout: 3s\n-- rung: statement-timeout: 1h\ncreate table seen as select current_setting(\'lock_timeout\') as l, current_setting(\'statement_timeout\') as s;'
	migration 03_look <<<"create table seen_too as select current_setting('lock_timeout') as l;"
	run_rung upgrade
	assert_status 0
	assert_sql "select seen.l, s, seen_too.l from seen, seen_too" "3s|1h|100ms"
}

@test "a worker of autovacuum gives way" {
	server_start_own vacuum autovacuum_naptime=1s autovacuum_vacuum_cost_delay=100ms autovacuum_vacuum_cost_limit=1 \
		autovacuum_vacuum_scale_factor=0 autovacuum_vacuum_threshold=100
	migration 01_a <<<"create table a (id int, t text); insert into a select i, repeat('x', 500) from generate_series(1, 20000) i;"
	run_rung upgrade
	sql "update a set id = id where id % 2 = 0"
	wait_for "exists (select from pg_stat_progress_vacuum where relid = 'a'::regclass)" 30 || skip "autovacuum did not come by"
	migration 02_alter <<<"alter table a add column n int;"
	run_rung upgrade --lock-wait 20s
	assert_status 0
	assert_sql "select count(n) from a" 0
}

@test "long work is told of by a second connection that opens only then" {
	server_start_own slow log_connections=on
	tables
	connections() { grep -c "connection authorized: .*database=$TEST_DATABASE .*rung" "$RUNG_RUN/slow/log"; }
	assert_equal "$(connections)" 1 "a quick run opens one connection"
	hold "insert into a values (0)"
	migration 02_index <<<"create index concurrently a_id on a (id);"
	start_rung upgrade 9>&-
	wait_until 20 grep -q "02_index.*blocked by pid $holder" "$PROJECT/.errors.$rung_pid"
	assert_equal "$(connections)" 3
	release
	finish_rung
	assert_status 0
	assert_sql "select indisvalid from pg_index where indexrelid = 'a_id'::regclass" t
}

@test "progress of a long build is shown" {
	tables
	migration 02_fill <<<"create function slow(int) returns int language plpgsql immutable as 'begin perform pg_sleep(0.003); return \$1; end';"
	migration 03_index <<<"create index concurrently a_slow on a (slow(id));"
	run_rung upgrade --json
	assert_status 0
	assert_output_matches '"type": *"progress"'
}
