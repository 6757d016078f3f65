# What psql does with a file, rung does: the same statements, the same transactions, the same things left
# behind, whether the file succeeds or fails.

load ../lib/rung

setup() {
	rung_setup
	OTHER=${TEST_DATABASE}_other
	database_create "$(server_url "$TEST_SERVER")" "$OTHER"
	OTHER_URL=$(server_url "$TEST_SERVER" "$OTHER")
}

# What a run left, but for the history: the catalog and every row.
left_behind() {
	pg_dump -d "$1" -T 'public.schema_version*' | grep -Ev '^\\(un)?restrict |^-- Dumped '
}

empty() {
	PGOPTIONS='-c client_min_messages=warning' psql -XAtq -d "$1" \
		-c "drop schema public cascade" -c "create schema public" -c "create table eff (n serial, t text)"
}

# same_as_psql [-1] <<SQL - the file leaves the same behind, and fails where psql fails; what psql refuses in
# the middle, rung may refuse before anything runs. -1: as one transaction, which psql makes of it with that option.
same_as_psql() {
	local psql_status=0
	migration 01_file
	empty "$DATABASE_URL"
	empty "$OTHER_URL"
	said=$(cd "$PROJECT" && psql -Xq -v ON_ERROR_STOP=1 "$@" -o /dev/null -d "$OTHER_URL" -f schema/01_file.sql 2>&1) ||
		psql_status=$?
	run_rung upgrade
	if [ "$psql_status" -eq 0 ]; then assert_status 0; else
		[ "$status" -ne 0 ] || fail "psql fails and rung does not: $said"
	fi
	if [ "$status" -eq 2 ]; then empty "$OTHER_URL"; fi
	assert_equal "$(left_behind "$DATABASE_URL")" "$(left_behind "$OTHER_URL")" "rung and psql differ; psql: $said; rung: $errors"
}

@test "a COMMIT that ends nothing is warned of where statements stand alone" {
	same_as_psql <<-'SQL'
		-- rung: transaction: none
		create table one (id int);
		commit;
		rollback;
		begin;
		begin;
		create table two (id int);
		commit;
	SQL
	assert_errors_contain "there is no transaction in progress"
	assert_errors_contain "there is already a transaction in progress"
	run_rung status
	assert_output_contains "Up to date"
	migration 02_one <<<$'create table three (id int);\ncommit;'
	run_rung upgrade
	assert_status 2
	assert_errors_contain 'write "-- rung: transaction: none" in the head'
}

@test "AND CHAIN opens the next transaction" {
	same_as_psql <<-'SQL'
		-- rung: transaction: none
		begin isolation level serializable;
		create table one (id int);
		commit and chain;
		insert into eff (t) values (current_setting('transaction_isolation'));
		rollback and chain;
		insert into eff (t) values (current_setting('transaction_isolation'));
		savepoint a;
		commit;
		insert into eff (t) values (current_setting('transaction_isolation'));
	SQL
	assert_status 0
	same_as_psql <<-'SQL'
		-- rung: transaction: none
		begin;
		insert into eff values (1);
		commit and chain;
		insert into eff values (2);
		select 1/0;
		commit;
	SQL
	assert_status 6
	assert_sql "select n from eff" 1
}

@test "what AND CHAIN opened is opened again where a file goes on" {
	migration 01_a <<-'SQL'
		-- rung: transaction: none
		create table a (n int, level text);
		begin;
		set transaction isolation level repeatable read;
		insert into a values (1, current_setting('transaction_isolation'));
		commit and chain;
		insert into a values (2, current_setting('transaction_isolation'));
		rollback and chain;
		insert into a values (3, current_setting('transaction_isolation'));
		commit and chain;
		insert into a values (4, current_setting('transaction_isolation'));
		select 1/0;
		rollback and chain;
		insert into a values (5, current_setting('transaction_isolation'));
		commit;
		insert into a values (6, current_setting('transaction_isolation'));
	SQL
	run_rung upgrade
	assert_status 6
	assert_errors_contain "9 of 15 statements"
	assert_sql "select n from a order by n" $'1\n3'
	sed -i 's,1/0,1/1,' schema/01_a.sql
	run_rung upgrade
	assert_status 0
	assert_sql "select n, level from a order by n" \
		$'1|repeatable read\n3|repeatable read\n5|repeatable read\n6|read committed'
}

@test "statements joined by \\; are one transaction where statements stand alone" {
	same_as_psql <<-'SQL'
		-- rung: transaction: none
		insert into eff values (1);
		insert into eff values (2)\; insert into eff values (3)\; select 1/0;
	SQL
	assert_status 6
	assert_sql "select n from eff" 1
	sed -i 's,1/0,1/1,' schema/01_file.sql
	run_rung upgrade
	assert_status 0
	assert_sql "select n from eff order by n" $'1\n2\n3'
	local file
	for file in \
		'insert into eff values (1)\; commit\; insert into eff values (2)\; select 1/0;' \
		'insert into eff values (1)\; begin\; insert into eff values (2); rollback;' \
		'insert into eff values (1)\; begin\; insert into eff values (2); commit; select 1/0;' \
		'insert into eff values (1)\; rollback\; insert into eff values (2);' \
		'begin\; insert into eff values (1)\; commit\; insert into eff values (2)\; select 1/0;' \
		"lock table eff\\; insert into eff values (1)\\; set work_mem = '1MB'; insert into eff (t) values (current_setting('work_mem'));" \
		'begin\; commit and chain\; insert into eff values (1)\; rollback\; insert into eff values (2);' \
		'create table d (a int unique deferrable initially deferred)\; insert into d values (1), (1)\; select 1; insert into eff values (1);' \
		'insert into eff values (1)\; create procedure p() language plpgsql as $$ begin commit; end $$\; call p(); insert into eff values (2);' \
		'savepoint a\; insert into eff values (1);' \
		'lock table eff;' 'declare c cursor for select 1;' 'rollback to a;' 'commit and chain;' 'set local work_mem = 1;' \
		'set transaction isolation level serializable; insert into eff (t) values (current_setting($$transaction_isolation$$));'; do
		same_as_psql <<<"-- rung: transaction: none
insert into eff values (0); $file"
	done
}

@test "a group that waits for a lock in vain begins again" {
	sql "create table held (a int); create table a (a int)"
	migration 01_a <<<$'-- rung: transaction: none\ninsert into a values (1)\\; alter table held add b int;'
	psql -Xq -d "$DATABASE_URL" -c "begin; select from held; select pg_sleep(1.5)" >/dev/null 3>&- &
	wait_for "exists (select from pg_locks where relation = 'held'::regclass)"
	run_rung upgrade --lock-timeout 200ms
	wait $!
	assert_status 0
	assert_sql "select count(*) from a" 1
}
