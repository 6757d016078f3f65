# What no transaction can hold: journaled statement by statement, continued after
# a failure, and nothing half-built is ever hidden.

load ../lib/rung

applied() { sql "select string_agg(version || ' ' || state, ', ' order by version) from schema_version"; }
index_is_valid() { sql "select indisvalid from pg_index where indexrelid = to_regclass('$1')"; }
log_is() { assert_sql "select string_agg(action || ' ' || outcome, ', ' order by id) from schema_version_log where version = $1" "$2"; }

# A table of duplicates, as 01.
duplicates() {
	migration 01_a <<<"create table a (id int, n int); insert into a select i % 10, i from generate_series(1, 100) i;"
}

@test "an index is built concurrently and recorded" {
	duplicates
	migration 02_index <<<"create index concurrently a_id on a (id);"
	migration 03_b <<<"create table b (id int);"
	run_rung upgrade
	assert_status 0
	assert_equal "$(index_is_valid a_id)" t
	assert_equal "$(applied)" "1 applied, 2 applied, 3 applied"
	assert_sql "select count(*) from schema_version_step" 0
	log_is 2 "apply done"
}

@test "a failure in the middle is journaled, upgrade continues after it" {
	duplicates
	migration 02_plain <<-SQL
		-- rung: transaction: none
		create table b (id int);
		insert into b values (1);
		create index concurrently b_id on b (nope);
		insert into b values (2);
	SQL
	migration 03_c <<<"create table c (id int);"
	run_rung upgrade
	assert_status 6
	assert_errors_contain "schema/02_plain.sql:4:1"
	assert_equal "$(applied)" "1 applied, 2 partial"
	assert_sql "select id from b" 1
	run_rung status
	assert_output_contains "resume"
	sed -i 's/nope/id/' schema/02_plain.sql
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 applied, 2 applied, 3 applied"
	assert_sql "select id from b order by 1" $'1\n2'
	assert_equal "$(index_is_valid b_id)" t
	log_is 2 "apply partial, resume done"
	assert_sql "select checksum from schema_version where version = 2" "$(sha256sum <schema/02_plain.sql | cut -d' ' -f1)"
}

@test "resume finishes it and stops there" {
	duplicates
	migration 02_plain <<<$'-- rung: transaction: none\ncreate table b (id int);\nselect 1/0;\ninsert into b values (2);'
	migration 03_c <<<"create table c (id int);"
	run_rung upgrade
	assert_status 6
	assert_errors_contain "22012"
	sed -i 's,1/0,1/1,' schema/02_plain.sql
	run_rung resume
	assert_status 0
	assert_equal "$(applied)" "1 applied, 2 applied"
	run_rung resume
	assert_status 0
	assert_output_contains "nothing to resume"
}

@test "what has run may not be edited" {
	duplicates
	migration 02_plain <<<$'-- rung: transaction: none\ncreate table b (id int);\nselect 1/0;'
	run_rung upgrade
	assert_status 6
	sed -i 's,id int,id bigint,; s,1/0,1/1,' schema/02_plain.sql
	run_rung upgrade
	[ "$status" = 2 ] || [ "$status" = 6 ] || fail "refused"
	assert_errors_contain "schema/02_plain.sql:2:1"
	assert_errors_contain "edited after it had run"
	sed -i 's,id bigint,id int,' schema/02_plain.sql
	run_rung upgrade
	assert_status 0
}

@test "a unique index over duplicates: the key is named, nothing invalid stays" {
	duplicates
	migration 02_index <<<"create unique index concurrently if not exists a_id on a (id);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "could not create unique index"
	assert_errors_contain "is duplicated"
	assert_sql "select count(*) from pg_index where not indisvalid" 0
	assert_equal "$(applied)" "1 applied"
	sql "delete from a where n > 10"
	run_rung upgrade
	assert_status 0
	assert_equal "$(index_is_valid a_id)" t
}

@test "an INVALID index left behind by others is not hidden by IF NOT EXISTS" {
	duplicates
	run_rung upgrade
	sql "create unique index concurrently a_id on a (id)" 2>/dev/null || true
	assert_equal "$(index_is_valid a_id)" f
	migration 02_index <<<'CREATE INDEX CONCURRENTLY /* x */ IF NOT EXISTS "a_id" ON ONLY public.a USING btree (id);'
	run_rung upgrade
	assert_status 0
	assert_errors_contain "dropping the invalid index"
	assert_equal "$(index_is_valid a_id)" t
	assert_sql "select indisunique from pg_index where indexrelid = 'a_id'::regclass" f
}

@test "an index of that name on another table is no success" {
	duplicates
	migration 02_b <<<"create table b (id int); create index a_id on b (id);"
	migration 03_index <<<"create index concurrently if not exists a_id on a (id);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'an index "a_id" exists already, but it is not on a'
}

@test "what REINDEX CONCURRENTLY left behind is cleared away" {
	duplicates
	run_rung upgrade
	sql "create index a_id on a (id)"
	# An interrupted one leaves an invalid twin.
	sql "create unique index concurrently a_id_ccnew on a (id)" 2>/dev/null || true
	assert_equal "$(index_is_valid a_id_ccnew)" f
	migration 02_reindex <<<"reindex table concurrently a;"
	run_rung upgrade
	assert_status 0
	assert_sql "select string_agg(indexrelid::regclass::text, ' ') from pg_index where indrelid = 'a'::regclass" a_id
}

@test "DROP INDEX CONCURRENTLY, VACUUM, ALTER SYSTEM, CREATE DATABASE" {
	duplicates
	migration 02_index <<<"create index concurrently a_id on a (id); drop index concurrently a_id;"
	migration 03_vacuum <<<"vacuum (analyze) a;"
	migration 04_system <<<"alter system set log_min_duration_statement = '1h'; alter system reset log_min_duration_statement;"
	migration 05_database <<<"create database other_$$; drop database other_$$;"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version where state = 'applied'" 5
}

@test "a partition is detached concurrently" {
	migration 01_a <<-SQL
		create table a (id int) partition by range (id);
		create table a1 partition of a for values from (1) to (10);
		create table a2 partition of a for values from (10) to (20);
	SQL
	migration 02_detach <<<"alter table a detach partition a1 concurrently;"
	run_rung upgrade
	assert_status 0
	assert_sql "select inhrelid::regclass from pg_inherits where inhparent = 'a'::regclass" a2
}

@test "a detach that was cut off is finalized" {
	migration 01_a <<-SQL
		create table a (id int) partition by range (id);
		create table a1 partition of a for values from (1) to (10);
	SQL
	migration 02_detach <<<"alter table a detach partition a1 concurrently;"
	run_rung upgrade 1
	psql -Xq -d "$DATABASE_URL" -c "begin; select * from a" -c "select pg_sleep(60)" >/dev/null &
	local reader=$!
	wait_for "exists (select from pg_stat_activity where query ~ 'pg_sleep' and state = 'active' and pid <> pg_backend_pid())"
	start_rung upgrade
	wait_for "exists (select from pg_inherits where inhdetachpending)"
	kill -9 "$rung_pid"
	finish_rung
	kill "$reader"
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query ~ 'pg_sleep' and pid <> pg_backend_pid()" >/dev/null
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from pg_inherits where inhparent = 'a'::regclass" 0
	assert_equal "$(applied)" "1 applied, 2 applied"
}

@test "a file's own BEGIN ... COMMIT is done whole or not at all" {
	duplicates
	migration 02_plain <<-SQL
		-- rung: transaction: none
		begin;
		create table b (id int);
		insert into b values (1);
		commit;
		create index concurrently b_id on b (id);
		begin;
		insert into b values (2);
		insert into b values (1/0);
		commit;
		begin;
		insert into b values (99);
		rollback;
	SQL
	run_rung upgrade
	assert_status 6
	assert_errors_contain "schema/02_plain.sql:9:1"
	assert_sql "select id from b" 1
	run_rung upgrade
	assert_status 6
	assert_sql "select id from b" 1
	sed -i 's,1/0,3,' schema/02_plain.sql
	run_rung upgrade
	assert_status 0
	assert_sql "select id from b order by 1" $'1\n2\n3'
	assert_equal "$(applied)" "1 applied, 2 applied"
}

@test "settings are made again after a stop" {
	duplicates
	migration 02_plain <<-SQL
		-- rung: transaction: none
		set work_mem = '7MB';
		begin;
		set maintenance_work_mem = '9MB';
		create table b (id int);
		commit;
		insert into b values (1/0);
		create table seen as select current_setting('work_mem') as work, current_setting('maintenance_work_mem') as maintenance;
	SQL
	migration 03_after <<<"create table after as select current_setting('work_mem') as work;"
	run_rung upgrade
	assert_status 6
	sed -i 's,1/0,1,' schema/02_plain.sql
	run_rung upgrade
	assert_status 0
	assert_sql "select work, maintenance from seen" "7MB|9MB"
	assert_sql "select work from after" 4MB
}

@test "a file that changes its user still keeps its journal" {
	sql "drop role if exists builder_$$; create role builder_$$; grant create, usage on schema public to builder_$$"
	migration 01_plain <<-SQL
		-- rung: transaction: none
		set role builder_$$;
		create table hers (id int);
		create index concurrently hers_id on hers (id);
		create index concurrently on hers (id);
		begin;
		insert into hers values (1);
		commit;
		set session authorization builder_$$;
		insert into hers select 1/(id - 1) from hers;
		vacuum hers;
	SQL
	run_rung upgrade
	assert_status 6
	assert_errors_contain "schema/01_plain.sql:10:1"
	sed -i 's,1/(id - 1),2,' schema/01_plain.sql
	run_rung upgrade
	assert_status 0
	assert_sql "select id from hers order by 1" $'1\n2'
	assert_sql "select tableowner from pg_tables where tablename = 'hers'" "builder_$$"
	assert_equal "$(applied)" "1 applied"
	sql "drop owned by builder_$$; drop role builder_$$"
}

@test "timeouts of the file hold for ordinary statements and never for CONCURRENTLY" {
	duplicates
	migration 02_plain <<-SQL
		-- rung: transaction: none
		set lock_timeout = '77s';
		set statement_timeout = '50ms';
		create function slow(int) returns int language plpgsql immutable as 'begin perform pg_sleep(0.02); return \$1; end';
		create index concurrently a_slow on a (slow(n)) where n <= 5;
		create table seen as select current_setting('lock_timeout') as l, current_setting('statement_timeout') as s;
		select pg_sleep(5);
	SQL
	run_rung upgrade
	assert_status 6
	assert_errors_contain "schema/02_plain.sql:7:1: error: canceling statement due to statement timeout"
	assert_sql "select l, s from seen" "77s|50ms"
	assert_equal "$(index_is_valid a_slow)" t
}

@test "statements no list knows to refuse transactions run all the same" {
	migration 01_a <<-SQL
		create table a (id int) partition by range (id);
		create table a1 partition of a for values from (1) to (10);
		create index on a (id);
		create table b (id int);
		create procedure fill() language plpgsql as 'begin insert into b values (1); commit; insert into b values (2); end';
	SQL
	migration 02_plain <<<$'-- rung: transaction: none\nreindex table a;\ncall fill();'
	run_rung upgrade
	assert_status 0
	assert_sql "select id from b order by 1" $'1\n2'
	assert_equal "$(applied)" "1 applied, 2 applied"
}

@test "data in a nontransactional file" {
	duplicates
	printf -- '-- rung: transaction: none\ncreate table b (id int);\ncopy b from stdin;\n1\n2\n\\.\ncopy b from stdin;\n3\nx\n\\.\n' \
		>schema/02_plain.sql
	run_rung upgrade
	assert_status 6
	assert_errors_contain "schema/02_plain.sql:9:1"
	assert_sql "select id from b order by 1" $'1\n2'
	sed -i 's/^x$/4/' schema/02_plain.sql
	run_rung upgrade
	assert_status 0
	assert_sql "select id from b order by 1" $'1\n2\n3\n4'
}

@test "an edited nontransactional component runs again, and its record stays when that fails" {
	duplicates
	migration 02_index <<<$'-- rung: on-change: reapply\ncreate index concurrently if not exists a_id on a (id);'
	run_rung upgrade
	assert_status 0
	migration 02_index <<<$'-- rung: on-change: reapply\ncreate index concurrently if not exists a_id on a (id);\ncreate index concurrently if not exists a_n on a (nope);'
	run_rung upgrade
	[ "$status" = 6 ] || [ "$status" = 1 ] || fail "it failed"
	assert_sql "select count(*) from schema_version" 2
	sed -i 's/nope/n/' schema/02_index.sql
	run_rung upgrade
	assert_status 0
	assert_equal "$(index_is_valid a_n)" t
	assert_equal "$(applied)" "1 applied, 2 applied"
	assert_sql "select count(*) from schema_version_step" 0
	run_rung upgrade
	assert_output_contains "nothing to do"
}

@test "a nontransactional rollback" {
	duplicates
	migration 02_index <<<"create index concurrently a_id on a (id);"
	rollback_of 02_index <<<"drop index concurrently a_id;"
	run_rung upgrade
	run_rung downgrade --force
	assert_status 0
	assert_equal "$(applied)" "1 applied"
	assert_sql "select to_regclass('a_id') is null" t
	assert_sql "select count(*) from schema_version_step" 0
	log_is 2 "apply done, rollback done"
}

@test "a half-done rollback is neither applied nor gone: upgrade refuses, downgrade continues" {
	duplicates
	migration 02_index <<<"create index concurrently a_id on a (id); create index concurrently a_n on a (n);"
	rollback_of 02_index <<-SQL
		drop index concurrently a_n;
		drop index concurrently nothing_of_that_name;
		drop index concurrently a_id;
	SQL
	migration 03_b <<<"create table b (id int);"
	run_rung upgrade 2
	run_rung downgrade --force
	assert_status 6
	assert_errors_contain "rollback/rollback_02_index.sql:2:1"
	assert_errors_contain '"02_index" is half rolled back: 1 of 3 statements.'
	assert_equal "$(applied)" "1 applied, 2 unwinding"
	run_rung status
	assert_output_contains "rung downgrade"
	run_rung check
	assert_status 3
	run_rung upgrade
	assert_status 3
	assert_errors_contain "half rolled back"
	assert_equal "$(applied)" "1 applied, 2 unwinding"
	sed -i 's/nothing_of_that_name/if exists nothing_of_that_name/' rollback/rollback_02_index.sql
	run_rung downgrade --force
	assert_status 0
	assert_equal "$(applied)" "1 applied"
	assert_sql "select count(*) from pg_index where indrelid = 'a'::regclass" 0
	log_is 2 "apply done, rollback partial, rollback done"
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 applied, 2 applied, 3 applied"
}

@test "a nontransactional rollback whose first statement fails leaves the migration applied" {
	duplicates
	migration 02_index <<<"create index concurrently a_id on a (id);"
	rollback_of 02_index <<<"drop index concurrently nothing_of_that_name; drop index concurrently a_id;"
	run_rung upgrade
	run_rung downgrade --force
	assert_status 1
	assert_equal "$(applied)" "1 applied, 2 applied"
	assert_sql "select count(*) from schema_version_step" 0
	log_is 2 "apply done, rollback failed"
}

@test "a half-done file that was edited into a transactional one does not run its done statements again" {
	sql "create table c (n int)"
	migration 01_a <<<$'-- rung: transaction: none\ninsert into c values (1);\nselect 1/0;'
	run_rung upgrade
	assert_status 6
	migration 01_a <<<$'insert into c values (1);\nselect 1;'
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from c" 1
}

@test "a forgotten journal does not speak for the next run" {
	migration 01_a <<<$'-- rung: transaction: none\ncreate table d (n int);\nselect 1/0;'
	run_rung upgrade
	assert_status 6
	sql "drop table d"
	run_rung stamp base --force
	migration 01_a <<<$'-- rung: transaction: none\ncreate table d (n int);\nselect 1;'
	run_rung upgrade
	assert_status 0
	assert_sql "select to_regclass('d') is not null" t
}

@test "stamp settles what was half-done" {
	migration 01_a <<<$'-- rung: transaction: none\ncreate table e (n int);\nselect 1/0;'
	run_rung upgrade
	assert_status 6
	run_rung stamp head
	assert_status 0
	assert_sql "select state from schema_version" applied
	assert_sql "select count(*) from schema_version_step" 0
}
