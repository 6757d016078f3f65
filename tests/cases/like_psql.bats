# What psql does with a file, rung does: the same statements, the same transactions, the same things left
# after, whether the file succeeds or fails.

load ../lib/rung

setup() {
	rung_setup
	OTHER=${TEST_DATABASE}_other
	database_create "$(server_url "$TEST_SERVER")" "$OTHER"
	OTHER_URL=$(server_url "$TEST_SERVER" "$OTHER")
}

# What a run left, but for the history: the catalog and every row.
left_behind() {
	psql -XAtq -d "$1" <<-'SQL'
		select relname, relkind, attname, atttypid::regtype, attnotnull, pg_get_expr(adbin, adrelid)
		from pg_class join pg_attribute on attrelid = pg_class.oid left join pg_attrdef on adrelid = attrelid and adnum = attnum
		where relnamespace = 'public'::regnamespace and relname !~ '^schema_version' order by 1, attnum;
		select proname, prosrc from pg_proc where pronamespace = 'public'::regnamespace order by 1, 2;
		select relname, query_to_xml(format('select * from public.%I t order by t::text', relname), true, true, '')
		from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname !~ '^schema_version' order by 1;
	SQL
}

empty() {
	PGOPTIONS='-c client_min_messages=warning' psql -XAtq -d "$1" \
		-c "drop schema public cascade" -c "create schema public" -c "create table eff (n int, t text)"
}

# same_as_psql [-1] <<SQL - the file leaves the same behind, and fails where psql fails; what psql refuses in
# the middle, rung may refuse before anything runs. -1: as one transaction, which psql makes of it with that option.
same_as_psql() {
	local psql_status=0
	migration 01_file
	empty "$DATABASE_URL"
	empty "$OTHER_URL"
	said=$(cd "$PROJECT" && psql -X -v ON_ERROR_STOP=on "$@" -o /dev/null -d "$OTHER_URL" -f schema/01_file.sql 2>&1) ||
		psql_status=$?
	run_rung upgrade
	if [ "$psql_status" -eq 0 ]; then assert_status 0; else
		[ "$status" -ne 0 ] || fail "psql fails and rung does not: $said"
	fi
	if [ "$status" -eq 2 ]; then empty "$OTHER_URL"; fi
	assert_equal "$(left_behind "$DATABASE_URL")" "$(left_behind "$OTHER_URL")" "rung and psql differ; psql: $said; rung: $errors"
}

@test "a COMMIT that ends nothing is warned of where each statement is a transaction" {
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
	assert_errors_contain 'write "-- rung: transaction: none" at the top'
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

@test "what AND CHAIN opened is opened again where a file continues" {
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

@test "statements joined by \\; are one transaction where each statement is a transaction" {
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

@test "a literal continues on the next line in its own kind" {
	same_as_psql -1 <<-'SQL'
		insert into eff (t) values (E'a'
			'b\'c;');
		insert into eff (t) values (E'd' -- note
			'\\' 'x');
		insert into eff (t) values (E'e\n'
		'it\'s', 'f;');
	SQL
	same_as_psql -1 <<-'SQL'
		insert into eff (t) values ('a\'
		'b;\'), (U&'d\0061'
			't\0061;'), (n'a'
		'b'), ((b'1'
		'0')::text), (E'a' || /* no continuation */
		'b\');
		insert into eff (t) values (';');
	SQL
	assert_status 0
	same_as_psql <<-'SQL'
		-- rung: transaction: none
		insert into eff (t) values (E'a'
			'b\'c;');
		insert into eff (t) values ('d');
	SQL
	assert_status 0
	# What psql does not read to the end, the server does.
	migration 01_file <<-'SQL'
		insert into eff (t) values (E'\''
		-- it's a note

		'\'');
	SQL
	empty "$DATABASE_URL"
	run_rung upgrade
	assert_status 0
	migration 01_file <<<$'insert into eff (t) values (E\'a\'\n\'b\\\'c;\');\n\\echo x'
	empty "$DATABASE_URL"
	run_rung upgrade --sql
	assert_status 2
	assert_errors_contain "psql would wait for the end of a literal"
	run_rung upgrade
	assert_status 0
}

@test "standard_conforming_strings is followed as psql follows it" {
	local mode file one n=0
	echo 'set standard_conforming_strings = off;' >part.sql
	for mode in '' '-- rung: transaction: none'; do
		while IFS= read -r file; do
			n=$((n + 1))
			# One of the two ways each, in turn; both when there is time.
			if [ -z "${RUNG_TEST_LONG:-}" ] && [ $((n % 2)) -eq 0 ]; then continue; fi
			one=()
			if [ -z "$mode" ]; then one=(-1); fi
			same_as_psql "${one[@]}" <<<"$mode
$(printf '%b' "$file")"
			assert_status 0
		done <<-'FILES'
			set standard_conforming_strings = off;\ninsert into eff (t) values ('a;b\\'c;d'), (n'\\'');
			SET SESSION standard_conforming_strings TO 'false';\ninsert into eff (t) values ('a\\'b');reset standard_conforming_strings;\ninsert into eff (t) values ('a\\');
			select set_config('standard_conforming_strings', 'off', false);\ninsert into eff (t) values ('a\\'b');\nreset all;\ninsert into eff (t) values ('a\\'), ('c');
			select pg_catalog.set_config('standard_conforming_strings', lower('OFF'), false);\ninsert into eff (t) values ('a\\'b;');\ninsert into eff (t) values ('a\\'b;');
			create function f() returns void language sql set search_path = public as 'select set_config($$standard_conforming_strings$$, $$off$$, false)';\nselect f();\ninsert into eff (t) values ('a;\\'b'); insert into eff (t) values (';\\'c');\nset standard_conforming_strings = on;\ninsert into eff (t) values (';\\');
			do $$ begin set standard_conforming_strings = off; end $$;\ninsert into eff (t) values ('a\\'b;'), ('a'\n'\\'b');\ncopy eff (t) from stdin;\na\n\\.\ninsert into eff (t) values ('\\';');
			insert into eff (t) values ('\\d+');
			set standard_conforming_strings = off; insert into eff (t) values ('a'); insert into eff (t)\nvalues ('a\\'b');
			\\ir ../part.sql\ninsert into eff (t) values ('a\\'b;');
		FILES
	done
}

@test "standard_conforming_strings of the database, and of what is undone" {
	local url
	for url in "$DATABASE_URL" "$OTHER_URL"; do
		psql -Xq -d "$url" -c "do \$\$ begin execute format('alter database %I set standard_conforming_strings = off', current_database()); end \$\$"
	done
	same_as_psql -1 <<<"insert into eff (t) values ('a\\'b;'), ('c');"
	assert_status 0
	rollback_of 01_file <<<"delete from eff;"
	run_rung check --offline
	assert_status 0
	same_as_psql <<-'SQL'
		-- rung: transaction: none
		begin;
		set local standard_conforming_strings = on;
		insert into eff (t) values ('a\');
		commit;
		insert into eff (t) values ('a\'b');
		set local standard_conforming_strings = on;
		insert into eff (t) values ('a\'b');
		begin;
		set standard_conforming_strings = on;
		insert into eff (t) values ('a\');
		rollback;
		insert into eff (t) values ('a\'b;');
	SQL
	assert_status 0
	migration 01_file <<<"insert into eff (t) values ('a\\'b;'); set standard_conforming_strings = on;"
	migration 02_next <<<"insert into eff (t) values ('a\\'b;'); create table next (a int);"
	empty "$DATABASE_URL"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from eff where t = E'a\\'b;'" 2
}

# Every name that psql itself lists, also a later one's.
@test "each variable that psql sets by itself has its value here, or is refused by name" {
	local name names known=0
	names=$(echo '\set' | psql -X -d "$DATABASE_URL" | cut -d' ' -f1)
	[ "$(wc -l <<<"$names")" -gt 25 ]
	# That they are set.
	for name in $names; do
		printf '\\if :{?%s}\ninsert into eff (t) values (%s);\n\\endif\n' "$name" "'$name'"
	done >all.sql
	same_as_psql -1 <all.sql
	assert_status 0
	assert_sql "select count(*) from eff" "$(wc -l <<<"$names")"
	run_rung check --offline
	! contains "$output" "bad-sql" || fail "check: $output"
	# To what.
	: >known.sql
	empty "$DATABASE_URL"
	for name in $names; do
		if [ "$name" = DBNAME ]; then continue; fi
		echo "insert into eff (t) values (:'$name');" >schema/01_file.sql
		run_rung upgrade --dry-run
		if contains "$errors" "error:"; then
			assert_errors_contain "the variable $name is"
		else
			cat schema/01_file.sql >>known.sql
			known=$((known + 1))
		fi
	done
	[ "$known" -gt 20 ]
	same_as_psql -1 <known.sql
	assert_status 0
	# What a statement that succeeded says, and what no reader can know.
	same_as_psql -1 <<<$'select 1;\n\\if :ERROR\nselect 1/0;\n\\else\ninsert into eff (t) values (:\'SQLSTATE\');\n\\endif'
	assert_status 0
	empty "$DATABASE_URL"
	migration 01_file <<<$'\\if :ROW_COUNT\n\\endif'
	run_rung upgrade
	assert_status 2
	assert_errors_contain "the variable ROW_COUNT is known only while statements run"
	migration 01_file <<<$'\\set x :SERVER_VERSION_NUM\nselect 1;'
	run_rung check --offline
	assert_output_contains "SERVER_VERSION_NUM is known only with a connection"
}

@test "setting what changes psql is refused by name, unless it changes nothing" {
	local setting
	for setting in 'AUTOCOMMIT off' 'ON_ERROR_STOP 0' 'ON_ERROR_ROLLBACK on' 'SINGLELINE on' 'SINGLESTEP yes' \
		'VERBOSITY loud' 'ECHO some' 'FETCH_COUNT many' 'FETCH_COUNT 1.5' 'QUIET perhaps' 'ECHO_HIDDEN sometimes'; do
		migration 01_file <<<"\\set $setting"$'\nselect 1;'
		run_rung upgrade
		assert_status 2
		assert_errors_contain "schema/01_file.sql:1:1"
		assert_errors_contain "cannot set ${setting% *} to \"${setting#* }\""
	done
	migration 01_file <<<$'\\unset ON_ERROR_STOP\nselect 1;'
	run_rung upgrade
	assert_status 2
	same_as_psql -1 <<-'SQL'
		\set AUTOCOMMIT on
		\set ON_ERROR_STOP
		\set ON_ERROR_ROLLBACK interactive
		\set VERBOSITY terse
		\set QUIET
		\set FETCH_COUNT 0x10
		\unset ECHO
		\unset QUIET
		\unset PROMPT1
		\set DBNAME other
		insert into eff (t) values (:'AUTOCOMMIT'), (:'ON_ERROR_STOP'), (:'VERBOSITY'), (:'QUIET'), (:'FETCH_COUNT'), (:'ECHO'),
			(:{?PROMPT1}), (:'DBNAME');
	SQL
	assert_status 0
}

@test "the kind of the transaction is the file's to say, before any query of ours" {
	local file level
	level="insert into eff (t) values (concat_ws(' ', current_setting('transaction_isolation'), current_setting('transaction_deferrable')))"
	for file in \
		"set transaction isolation level serializable; $level;" \
		"set transaction isolation level repeatable read, deferrable; $level;" \
		"lock table eff; set local transaction_isolation = 'serializable'; $level;" \
		"\\echo first
set work_mem = '2MB'; set transaction_isolation to 'repeatable read'; $level; savepoint a;" \
		"set transaction isolation level serializable; copy eff (t) from stdin;
x
\\.
$level;" "select 1; set transaction isolation level serializable;"; do
		same_as_psql -1 <<<"$file"
	done
	assert_errors_contain "must be called before any query"
	for file in "begin isolation level repeatable read; $level; commit;" "start transaction isolation level serializable, deferrable; $level; end;" \
		"begin; set transaction isolation level serializable; $level; commit;"; do
		same_as_psql <<<"$file"
		assert_status 0
	done
	empty "$DATABASE_URL"
	migration 02_next <<<"set transaction isolation level serializable; $level;"
	run_rung upgrade --single-transaction
	assert_status 2
	assert_errors_contain '"01_file" cannot run in a single transaction'
	run_rung upgrade
	assert_status 0
	assert_sql "select t from eff" $'serializable off\nserializable off'
	assert_sql "select count(*) from schema_version_run" 1
	migration 03_read <<<"begin read only; select 1; commit;"
	run_rung upgrade
	assert_status 2
	assert_errors_contain "cannot record a migration in a transaction that is READ ONLY"
}

@test "a file of many statements, which is read as it runs, does the same" {
	local many
	many=$(yes "insert into eff values (1);" | head -n 2500)
	same_as_psql <<-SQL
		\\echo first
		begin isolation level serializable;
		insert into eff (t) values (current_setting('transaction_isolation')), (:'SERVER_VERSION_NUM');
		$many
		\\if :ERROR
		insert into eff values (2);
		\\endif
		commit;
	SQL
	assert_status 0
	same_as_psql -1 <<-SQL
		$many
		do \$\$ begin set standard_conforming_strings = off; end \$\$;
		insert into eff (t) values ('a\\'b;'); insert into eff (t) values ('c');
		set standard_conforming_strings = on;
		insert into eff (t) values ('a\\');
		$many
	SQL
	assert_status 0
	same_as_psql -1 <<<"$many
set transaction isolation level serializable;"
	assert_errors_contain "schema/01_file.sql:2501:1"
	assert_errors_contain "must be called before any query"
}

@test "seeds are read in the same way" {
	mkdir -p schema/seed
	empty "$DATABASE_URL"
	printf '%s\n' "set transaction isolation level serializable; \\set v :SERVER_VERSION_NUM" \
		"insert into eff (t) values (current_setting('transaction_isolation')), (:'v');" >schema/seed/01_a.sql
	printf '%s\n' "-- rung: transaction: none" "insert into eff values (1); insert into eff values (2)\\; select 1/0;" >schema/seed/02_b.sql
	run_rung seed
	[ "$status" -ne 0 ]
	assert_sql "select t from eff where t is not null" $'serializable\n'"$(sql "select current_setting('server_version_num')")"
	assert_sql "select n from eff where n is not null" 1
	assert_errors_contain "What came before it in the file is loaded."

	rm schema/seed/01_a.sql
	printf '%s\n' "-- rung: transaction: none" "insert into eff values (3)\; select 1/0;" >schema/seed/02_b.sql
	run_rung seed
	[ "$status" -ne 0 ]
	assert_errors_contain "Nothing of this file is loaded."
}
