# Going down: pairs in reverse, the files' or those the database kept.

load ../lib/rung

three_pairs() {
	local i
	for i in 1 2 3; do
		migration "0${i}_t$i" <<<"create table t$i (id int);"
		rollback_of "0${i}_t$i" <<<"drop table t$i;"
	done
}

applied() { sql "select string_agg(version::text, ' ' order by version) from schema_version"; }
tables() { sql "select string_agg(tablename, ' ' order by tablename) from pg_tables where tablename ~ '^t[0-9]'"; }

@test "downgrade takes back the last one" {
	three_pairs
	run_rung upgrade
	run_rung downgrade --force
	assert_status 0
	assert_output_matches "03_t3.*rolled back"
	assert_equal "$(applied)" "1 2"
	assert_equal "$(tables)" "t1 t2"
	assert_sql "select action, outcome, name from schema_version_log order by id desc limit 1" "rollback|done|03_t3"
}

@test "targets: -2, a number, a name, base" {
	three_pairs
	run_rung upgrade
	run_rung downgrade -2 --force
	assert_status 0
	assert_equal "$(applied)" "1"
	run_rung upgrade
	run_rung downgrade 2 --force
	assert_status 0
	assert_equal "$(applied)" "1 2"
	run_rung downgrade 01_t1 --force
	assert_status 0
	assert_equal "$(applied)" "1"
	run_rung upgrade
	run_rung downgrade base --force
	assert_status 0
	assert_equal "$(applied)" ""
	assert_equal "$(tables)" ""
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 2 3"
}

@test "without a terminal it wants --force, and changes nothing" {
	three_pairs
	run_rung upgrade
	run_rung downgrade
	assert_status 2
	assert_errors_contain "--force"
	assert_equal "$(applied)" "1 2 3"
}

@test "a dry run shows the way down and touches nothing" {
	three_pairs
	run_rung upgrade
	run_rung downgrade base --dry-run
	assert_status 0
	assert_output_matches "03_t3.*02_t2.*01_t1"
	assert_equal "$(applied)" "1 2 3"
}

@test "a single transaction takes back all or nothing" {
	three_pairs
	rollback_of 01_t1 <<<"drop table t1; drop table nothing_of_that_name;"
	run_rung upgrade
	run_rung downgrade base --force --single-transaction
	assert_status 1
	assert_errors_contain "rollback/rollback_01_t1.sql:1:"
	assert_errors_contain "nothing was changed"
	assert_equal "$(applied)" "1 2 3"
	assert_equal "$(tables)" "t1 t2 t3"
	run_rung downgrade base --force
	assert_status 1
	assert_equal "$(applied)" "1"
	assert_equal "$(tables)" "t1"
}

@test "the rollback the database kept is used when the files are gone" {
	three_pairs
	run_rung upgrade
	rm schema/03_t3.sql rollback/rollback_03_t3.sql
	run_rung downgrade 2 --force
	assert_status 0
	assert_equal "$(applied)" "1 2"
	assert_equal "$(tables)" "t1 t2"
}

@test "an error in a kept rollback names where it is" {
	three_pairs
	rollback_of 03_t3 <<-SQL
		-- äöü
		drop table no_such_table;
	SQL
	run_rung upgrade
	rm schema/03_t3.sql rollback/rollback_03_t3.sql
	run_rung downgrade 2 --force
	assert_status 1
	assert_errors_contain 'rollback of 03_t3, kept in the database:2:1'
	assert_errors_contain "42P01"
	assert_equal "$(applied)" "1 2 3"
}

@test "data comes back by COPY" {
	migration 01_t1 <<<"create table t1 (id int); insert into t1 values (1), (2);"
	rollback_of 01_t1 <<<"drop table t1;"
	migration 02_t2 <<<"drop table t1;"
	printf 'create table t1 (id int);\ncopy t1 from stdin;\n1\n2\n\\.\n' >rollback/rollback_02_t2.sql
	run_rung upgrade
	run_rung downgrade --force
	assert_status 0
	assert_sql "select id from t1 order by 1" $'1\n2'
}

@test "the database can go down and up again as often as one likes" {
	three_pairs
	run_rung upgrade
	local before
	before=$(dump_schema)
	for _ in 1 2 3; do
		run_rung downgrade base --force
		assert_status 0
		run_rung upgrade
		assert_status 0
	done
	assert_equal "$(dump_schema)" "$before"
	assert_sql "select count(*) from schema_version_log" 21
	assert_sql "$(sed 's/:"history_log"/public.schema_version_log/; s/\$1/null/' "$ROOT/src/history/log_verify.sql")" ""
}

@test "what runs last: reached after all others, taken back first, left where it cannot go, stamped with what is before it" {
	three_pairs
	migration 02_v <<<$'-- rung: order: last\n-- rung: on-change: reapply\n-- rung: irreversible: runs again\ncreate or replace view v as select id from t1;'
	migration 04_w <<<$'-- rung: order: last\ncreate view w as select id from t3;'
	rollback_of 04_w <<<'drop view w;'
	rm schema/02_t2.sql rollback/rollback_02_t2.sql
	run_rung upgrade 3
	assert_status 0
	assert_errors_contain '"02_v", "04_w", which run after all others, are left to "rung upgrade"'
	assert_equal "$(applied)" "1 3"
	run_rung downgrade base --force
	run_rung upgrade 2
	assert_status 0
	assert_equal "$(applied)" "1 2 3"
	run_rung upgrade 4
	run_rung downgrade -1 --dry-run
	assert_errors_contain '"02_v", which runs after all others, stays applied: there is no rollback for it'
	assert_output_contains "- 04_w"
	run_rung downgrade --sql=brief 1
	assert_output_contains '-- "02_v", which runs after all others, stays applied'
	run_rung downgrade 1 --force
	assert_status 0
	assert_equal "$(applied)" "1 2"
	run_rung downgrade base --force
	assert_status 2
	assert_errors_contain '"02_v" is irreversible'
	run_rung stamp base --force
	run_rung stamp 2
	assert_equal "$(applied)" "1 2 3"
	run_rung renumber
	assert_output_contains "nothing to renumber"
	run_rung create five --requires 4
	assert_status 2
	assert_errors_contain 'nothing can depend on "04_w"'
}
