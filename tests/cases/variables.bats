# Variables for SQL: --set as psql's -v, \getenv as of psql 14, and what is kept of them.

load ../lib/rung

setup() {
	rung_setup
	migration 01_tenant <<-'SQL'
		\getenv owner APP_OWNER
		create table :"tenant" (owner text default :'owner', n int default :n);
		\if :{?extra}
		create table extra (n int);
		\endif
	SQL
	rollback_of 01_tenant <<<'drop table :"tenant";'
	export APP_OWNER="it's \\ me"
}

recorded() { sql "select coalesce(variables, 'none') from schema_version order by version"; }

@test "files have the variables that psql would have" {
	run_rung upgrade --set tenant='Blue "one"' --set n=7
	assert_status 0
	assert_sql "insert into \"Blue \"\"one\"\"\" default values returning owner, n" "it's \\ me|7"
	# The same by psql itself.
	database=other_$TEST_DATABASE
	database_create "$(server_url "$TEST_SERVER")" "$database"
	other=$(url_of_database "$DATABASE_URL" "$database")
	psql -Xq -v ON_ERROR_STOP=1 -v tenant='Blue "one"' -v n=7 -d "$other" -f schema/01_tenant.sql
	assert_equal "$(dump_schema "$other" | grep -v rung)" \
		"$(dump_schema "$DATABASE_URL" | sed '/schema_version/,/;$/d' | grep -v rung)"
	run_rung downgrade --force --set tenant='Blue "one"'
	assert_status 0
	# As a script, for which nothing has to be set any more.
	run_rung upgrade --sql --set tenant=red --set n=8
	assert_status 0
	unset APP_OWNER
	psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d "$DATABASE_URL" <<<"$output"
	assert_sql "insert into red default values returning owner, n" "it's \\ me|8"
	run_rung check
	assert_status 0
	run_rung show 1
	assert_output_matches "Variables +tenant, owner, n, extra"
}

@test "where they come from: each name by itself, the nearest wins" {
	printf '[files]\nvariables = tenant=ini n=1 extra=yes\n' >rung.ini
	RUNG_VARIABLES="tenant=env n=2" run_rung upgrade --set n=3 --set extra
	assert_status 0
	assert_sql "insert into env default values returning n" 3
	assert_sql "select to_regclass('extra') is null" t
	# No value is shown.
	RUNG_VARIABLES="tenant=env pw=geheim" run_rung config
	assert_status 0
	assert_output_contains "tenant=***"
	assert_output_contains "pw=***"
	refute_output_contains geheim
	run_rung config --set pw=geheim
	assert_status 2
	refute_errors_contain geheim
	run_rung upgrade --set 'a b=1'
	assert_status 2
	assert_errors_contain "NAME=VALUE"
}

@test "of values a digest is kept, and the rollback wants the same" {
	run_rung upgrade --set tenant=blue --set n=7 --set unused=1
	assert_status 0
	assert_equal "$(recorded | sed -E 's/=[0-9a-f]{32}/=digest/g')" "tenant=digest,owner=digest,n=digest,extra=unset"
	run_rung downgrade --dry-run --set tenant=red
	assert_status 2
	assert_errors_contain '"01_tenant" was applied with another value of the variable "tenant"'
	assert_refused 2 downgrade --force --set tenant=red
	# What the rollback alone uses was not recorded, and may be anything.
	echo "select :'later';" >>rollback/rollback_01_tenant.sql
	for later in x y; do
		run_rung downgrade --dry-run --set tenant=blue --set "later=$later"
		assert_status 0
	done
	# What the rollback does not use may have changed; and what the database keeps runs alike.
	rm rollback/*
	rm schema/*
	assert_refused 2 downgrade --force --set tenant=red
	run_rung downgrade --force --set tenant=blue
	assert_status 0
	assert_sql "select to_regclass('blue') is null" t
}

@test "a stopped migration continues with what it was begun with" {
	migration 02_half <<<$'-- rung: transaction: none\ncreate table :name (n int);\ninsert into :name select :n / (select count(*) from users);'
	rollback_of 02_half <<<'drop table :name; select :n;'
	sql "create table users (id int)"
	run_rung upgrade --set tenant=blue --set n=7 --set name=half
	assert_status 6
	sql "insert into users values (1)"
	run_rung resume --set name=full --set n=7
	assert_status 2
	assert_errors_contain '"02_half" was begun with another value of the variable "name"'
	assert_errors_contain "--set name=VALUE"
	run_rung upgrade --dry-run --set name=full --set n=7
	assert_status 2
	run_rung resume --set name=half
	assert_status 2
	assert_errors_contain 'the variable "n" is not set'
	# What only the rest of it uses may be another one now: it may be what made it fail.
	run_rung resume --set name=half --set n=8
	assert_status 0
	assert_sql "select n from half" 8
	assert_refused 2 downgrade -1 --force --set name=half --set n=7
	assert_errors_contain 'another value of the variable "n"'
	run_rung downgrade -1 --force --set name=half --set n=8
	assert_status 0
}

@test "what is not set is reported with what sets it" {
	# At plan time, by anyone who makes one; a name that nothing uses is likely the same one, mistyped.
	for verb in "upgrade --dry-run" "upgrade --sql" "upgrade --sql base:head" upgrade; do
		# shellcheck disable=SC2086 # command lines
		assert_refused 2 $verb --set tenat=blue
		assert_errors_contain 'schema/01_tenant.sql:2:14: error: the variable "tenant" is not set'
		assert_errors_contain '--set tenant=VALUE --set n=VALUE'
		assert_errors_contain 'no file of the plan uses the variable "tenat"; did you mean "tenant"?'
	done
	if [ -n "${RUNG_TEST_LONG:-}" ]; then
		run_rung test --set n=1
		assert_status 3
		assert_output_contains 'the variable "tenant" is not set (--set tenant=VALUE)'
	fi
	# Neither slices and pairs nor a file that is not run, such as the rollback, need one.
	migration 01_tenant <<-'SQL'
		create table s (a int[] default '{1,2,3}', b text[] default '{x}', n int, m int);
		select a[1:n], a[ :n], a[n : m], b[1:'2'] from s;
	SQL
	run_rung upgrade
	assert_status 0
	run_rung downgrade --dry-run
	assert_status 2
	assert_errors_contain 'rollback/rollback_01_tenant.sql:1:12: error: the variable "tenant" is not set'
	run_rung downgrade --force --set tenant=s
	assert_status 0
	migration 01_tenant <<<$'\\if :wanted\nselect 1;\n\\endif'
	run_rung upgrade
	assert_status 2
	assert_errors_contain '--set wanted=VALUE'
	# A command line is no place for rung's own secrets, and \getenv none to take them from.
	migration 01_tenant <<<$'\\getenv pw PGPASSWORD\nselect 1;'
	run_rung upgrade
	assert_status 2
	assert_errors_contain '--set pw="$PGPASSWORD"'
	migration 01_tenant <<<$'\\getenv pw\nselect 1;'
	run_rung upgrade
	assert_status 2
	assert_errors_contain "requires two arguments"
	# One that is not there leaves the variable as it is.
	migration 01_tenant <<<$'\\set v 5\n\\getenv v NOT_THERE_AT_ALL\ncreate table five as select :v as n;'
	rollback_of 01_tenant <<<'drop table five'
	run_rung upgrade
	assert_status 0
	assert_sql "select n from five" 5
	assert_equal "$(recorded)" none
}

@test "a value is gone from the process list before anything runs" {
	if [ ! -d /proc/self/fd ]; then skip "there is no /proc"; fi
	migration 02_wait <<<'select pg_advisory_lock(4711);'
	holder() { psql -XAtq -d "$DATABASE_URL" -c "select pg_advisory_lock(4711)" -c "select pg_sleep(60)"; }
	holder >/dev/null 2>&1 3>&- 4>&- &
	local held=$!
	wait_until 15 sql_is_true "exists (select from pg_locks where locktype = 'advisory' and objid = 4711 and granted)"
	start_rung upgrade --set tenant=geheim --set n=7
	wait_until 15 sql_is_true "exists (select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted)"
	run tr '\0' ' ' <"/proc/$rung_pid/cmdline"
	[[ $output == *upgrade* && $output != *geheim* ]] || fail "$output"
	kill "$held" 2>/dev/null || true
	sql "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 4711 and granted" >/dev/null
	finish_rung
	assert_status 0
}

@test "tests, seeds and setup have them too" {
	mkdir schema/seed
	echo 'insert into :"tenant" default values;' >schema/seed/01_rows.sql
	run_rung test --set tenant=blue --set n=7
	assert_status 0
	run_rung setup --set tenant=blue --set n=7
	assert_status 0
	assert_sql "select count(*) from blue" 1
}

@test "a file that is read as it goes has them, and what it used is kept" {
	rm schema/* rollback/*
	{
		echo 'create table :"tenant" (n int);'
		for ((i = 0; i < 2100; i++)); do echo 'insert into :"tenant" values (:n);'; done
		printf '%s\n' 'insert into :"tenant" values (:late);' '\if :{?extra}' 'select 1;' '\endif'
	} | migration 01_many
	rollback_of 01_many <<<'drop table :"tenant";'
	run_rung upgrade --set tenant=blue --set n=7 --set late=8 --set unused=1
	assert_status 0
	assert_sql "select count(*), sum(n) from blue" "2101|14708"
	assert_equal "$(recorded | sed -E 's/=[0-9a-f]{32}/=digest/g')" "tenant=digest,n=digest,late=digest,extra=unset"
	assert_refused 2 downgrade --force --set tenant=red
	run_rung downgrade --force --set tenant=blue
	assert_status 0
}

@test "a history of an earlier rung is read, and brought up to date" {
	run_rung upgrade --set tenant=blue --set n=7
	sql "alter table schema_version drop column variables"
	run_rung status
	assert_status 0
	assert_output_contains "01_tenant"
	migration 02_more <<<'create table more (n int);'
	rollback_of 02_more <<<'drop table more;'
	run_rung upgrade
	assert_status 0
	assert_equal "$(recorded | paste -sd' ')" "none none"
}

@test "settings of psql's are refused from outside as in a file" {
	assert_refused 2 upgrade --set AUTOCOMMIT=off --set tenant=blue --set n=7
	assert_errors_contain "cannot set the variable AUTOCOMMIT: "
	echo '\getenv AUTOCOMMIT FROM_OUTSIDE' | migration 01_tenant
	FROM_OUTSIDE=off assert_refused 2 upgrade
	assert_errors_contain "cannot set the variable AUTOCOMMIT: "
}
