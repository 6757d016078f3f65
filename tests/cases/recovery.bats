# INVALID indexes: what an interrupted statement of ours left behind is cleared
# away, what somebody else is building, or has left, is not touched.

load ../lib/rung

invalid() { sql "select string_agg(indexrelid::regclass::text, ' ' order by indexrelid::regclass::text) from pg_index where not indisvalid"; }

# The table $1 of duplicates, and on it an index $2 with an invalid copy as REINDEX CONCURRENTLY leaves one.
table_with_twin() {
	sql "create table $1 (id int, n int); insert into $1 select i % 10, i from generate_series(1, 100) i;
		create index $2 on $1 (id)"
	sql "create unique index concurrently ${2}_ccnew on $1 (id)" 2>/dev/null || true
}

# A transaction that everything CONCURRENTLY waits for, until release.
hold() {
	mkfifo "$PROJECT/.hold"
	psql -XAtq -d "$DATABASE_URL" <"$PROJECT/.hold" >/dev/null 2>&1 3>&- 4>&- &
	exec 9>"$PROJECT/.hold"
	echo "set application_name = 'the holder'; begin; $1;" >&9
	wait_for "exists (select from pg_stat_activity where application_name = 'the holder' and state = 'idle in transaction' and query !~ '^begin')"
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
held_up="exists (select from pg_locks l where l.locktype = 'virtualxid' and not l.granted)"

@test "REINDEX CONCURRENTLY clears copies of its own target only" {
	table_with_twin a a_id
	sql "create index a_n on a (n)"
	sql "create unique index concurrently a_n_ccnew on a (id)" 2>/dev/null || true
	table_with_twin b b_id
	sql "create schema other"
	table_with_twin other.c c_id
	sql "create index concurrently d_ccnew on a ((1 / (id - id)))" 2>/dev/null || true
	assert_equal "$(invalid)" "a_id_ccnew a_n_ccnew b_id_ccnew d_ccnew other.c_id_ccnew"
	migration 01_index <<<"reindex index concurrently a_id;"
	run_rung upgrade
	assert_status 0
	assert_equal "$(invalid)" "a_n_ccnew b_id_ccnew d_ccnew other.c_id_ccnew" "of an index, its own copy"
	migration 02_table <<<"reindex (concurrently) table public.a;"
	run_rung upgrade
	assert_status 0
	assert_equal "$(invalid)" "b_id_ccnew d_ccnew other.c_id_ccnew" "of a table, those of its indexes"
	migration 03_schema <<<"reindex schema concurrently other;"
	run_rung upgrade
	assert_status 0
	assert_equal "$(invalid)" "b_id_ccnew d_ccnew" "of a schema, those within"
	migration 04_database <<<"reindex database concurrently \"$TEST_DATABASE\";"
	run_rung upgrade
	assert_status 0
	assert_equal "$(invalid)" "d_ccnew" "of a database, all but what is nobody's copy"
}

@test "copies of long names and of partitions" {
	local long=an_index_whose_name_is_as_long_as_names_of_indexes_can_ever_be_
	sql "create table a (id int) partition by range (id);
		create table a1 partition of a for values from (1) to (100);
		insert into a1 select i % 10 + 1 from generate_series(1, 50) i;
		create index $long on a1 (id)"
	sql "create unique index concurrently ${long:0:57}_ccnew on a1 (id)" 2>/dev/null || true
	assert_equal "$(invalid)" "${long:0:57}_ccnew"
	migration 01_table <<<$'-- rung: transaction: none\nreindex table concurrently a;'
	run_rung upgrade
	assert_status 0
	assert_equal "$(invalid)" ""
}

@test "an index that somebody else is building is waited for, whatever we may see of it" {
	sql "create role \"deployer_$TEST_DATABASE\" login; alter database \"$TEST_DATABASE\" owner to \"deployer_$TEST_DATABASE\""
	sql "create table a (id int); insert into a select generate_series(1, 100);
		alter table a owner to \"deployer_$TEST_DATABASE\""
	hold "insert into a values (0)"
	psql -XAtq -d "$DATABASE_URL" -c "create index concurrently a_id on a (id)" >/dev/null 2>&1 3>&- 4>&- 9>&- &
	wait_for "$held_up"
	assert_equal "$(invalid)" a_id
	migration 01_index <<<"create index concurrently if not exists a_id on a (id);"
	migration 02_reindex <<<"reindex index concurrently a_id;"
	DATABASE_URL=${DATABASE_URL/postgres@/deployer_$TEST_DATABASE@} start_rung upgrade 9>&-
	wait_until 20 grep -q 'waiting for pid [0-9]*, which may still be building the index "public"."a_id"' "$PROJECT/.errors.$rung_pid"
	assert_equal "$(invalid)" a_id "it is not dropped"
	release
	finish_rung
	assert_status 0
	refute_errors_contain "dropping the invalid index"
	assert_equal "$(invalid)" ""
	sql "reassign owned by \"deployer_$TEST_DATABASE\" to postgres; drop role \"deployer_$TEST_DATABASE\""
}

# In the middle of an unnamed build that waits for the holder.
begin_unnamed() {
	sql "create table a (id int, n int); insert into a select i, i from generate_series(1, 100) i"
	hold "insert into a values (0)"
	start_rung upgrade 9>&-
	wait_for "$held_up"
}
kill_rung() {
	kill -9 "$rung_pid"
	finish_rung
	assert_status 137
}
# Killed there, it leaves an INVALID index: the server notices by itself that nobody waits any more.
killed_unnamed() {
	begin_unnamed
	kill_rung
	wait_for "not exists (select from pg_stat_progress_create_index)"
	assert_equal "$(invalid)" a_id_idx
	release
}

@test "an unnamed index whose build was killed is found, dropped and built again" {
	migration 01_index <<<"create index concurrently on a (id);"
	killed_unnamed
	run_rung upgrade
	assert_status 0
	assert_errors_contain 'dropping the invalid index "public"."a_id_idx"'
	assert_sql "select string_agg(indexrelid::regclass || ' ' || indisvalid, ', ') from pg_index where indrelid = 'a'::regclass" "a_id_idx true"
}

@test "an unnamed index whose build was killed and ends well all the same is not built twice" {
	migration 01_index <<<"create unique index concurrently on a (lower(id::text));"
	begin_unnamed
	kill -STOP "$rung_pid"
	release
	wait_for "(select indisvalid from pg_index where indrelid = 'a'::regclass)"
	kill_rung
	run_rung upgrade
	assert_status 0
	assert_sql "select string_agg(indexrelid::regclass || ' ' || indisvalid, ', ') from pg_index where indrelid = 'a'::regclass" "a_lower_idx true"
}

@test "an unnamed index that cannot be built leaves nothing, and what was there before stays" {
	sql "create table a (id int, n int); insert into a values (1, 1), (1, 2)"
	sql "create unique index concurrently on a (id)" 2>/dev/null || true
	assert_equal "$(invalid)" a_id_idx
	migration 01_index <<<"create unique index concurrently on a (id);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "could not create unique index"
	assert_equal "$(invalid)" a_id_idx
	assert_sql "select count(*) from schema_version" 0
	sql "delete from a where n = 2"
	run_rung upgrade
	assert_status 0
	assert_sql "select indisvalid from pg_index where indexrelid = 'a_id_idx1'::regclass" t
}

@test "an unnamed index that cannot be told from another is left to a human" {
	migration 01_index <<<"create index concurrently on a (id);"
	killed_unnamed
	sql "create index on a (id)"
	run_rung upgrade
	assert_status 6
	assert_errors_contain "2 indexes of a were started since this CREATE INDEX CONCURRENTLY"
	assert_errors_contain 'DROP INDEX CONCURRENTLY "public"."a_id_idx"; DROP INDEX CONCURRENTLY "public"."a_id_idx1"; (valid)'
	sql "drop index a_id_idx"
	run_rung upgrade
	assert_status 0
	assert_sql "select string_agg(indexrelid::regclass || ' ' || indisvalid, ', ') from pg_index where indrelid = 'a'::regclass" "a_id_idx1 true"
}

@test "dropping one waits for others as long as it takes, whatever timeouts there are" {
	table_with_twin a a_id
	assert_equal "$(invalid)" a_id_ccnew
	migration 01_index <<-SQL
		vacuum a;
		create index concurrently if not exists a_id_ccnew on a (id);
		create table seen as select current_setting('lock_timeout') as lock_timeout;
	SQL
	sed -i '1i -- rung: transaction: none' schema/01_index.sql
	hold "insert into a values (0)"
	start_rung upgrade --lock-wait 300ms 9>&-
	wait_for "exists (select from pg_stat_activity where query ~ '^DROP INDEX CONCURRENTLY' and wait_event = 'virtualxid')"
	# Longer than the timeout of the statement before it.
	wait_for "exists (select from pg_stat_activity where query ~ '^DROP INDEX CONCURRENTLY' and wait_event = 'virtualxid'
		and clock_timestamp() - query_start > interval '300 ms')"
	release
	finish_rung
	assert_status 0
	assert_equal "$(invalid)" ""
}
