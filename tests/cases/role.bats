# --role: whose rights a run has, whatever its files and poolers do to the session.

load ../lib/rung

setup() {
	rung_setup
	ROLE="Owner_$$ of \\\"it\""
	QUOTED="\"Owner_$$ of \\\"\"it\"\"\""
	sql "set client_min_messages = error; drop role if exists $QUOTED, login_$$, other_$$; create role $QUOTED;
		create role login_$$ login noinherit in role $QUOTED; create role other_$$ role $QUOTED;
		grant create, usage on schema public to $QUOTED, login_$$, other_$$"
}

teardown() {
	rung_teardown
	psql -XAtq -d "$(server_url main postgres)" -c "drop role if exists $QUOTED, login_$$, other_$$" 2>/dev/null || true
}

# login - from here on the program connects as the user who is only a member of the role.
login() { DATABASE_URL=${DATABASE_URL/postgres@/login_$$@}; }

# assert_owners "TABLE OWNER" … - of the tables of the files; the owner's name short.
assert_owners() {
	assert_equal "$(PGUSER=postgres psql -XAtq -d "${DATABASE_URL/login_$$@/postgres@}" -F ' ' -c "
		select tablename, case when tableowner like 'Owner%' then 'role' else tableowner end
		from pg_tables where schemaname = 'public' and tablename not like 'schema_version%' order by 1")" \
		"$(printf '%s\n' "$@")"
	assert_equal "$(psql -XAtq -d "${DATABASE_URL/login_$$@/postgres@}" -c "
		select count(*) filter (where tableowner like 'Owner%'), count(*)
		from pg_tables where tablename like 'schema_version%'")" "6|6"
}

files() {
	migration 01_a <<<"create table a (id int); reset role; create table b (id int);"
	migration 02_c <<<"set role other_$$; create table c (id int); reset role; create table d (id int);"
	migration 03_e <<<"set session authorization default; set role none; create table e (id int);"
	migration 04_f <<<"create table f (id int); do \$\$ begin perform set_config('role', 'none', false); end \$\$;"
	migration 05_g <<<"create table g (id int); insert into g values (1);"
	printf 'copy g from stdin;\n2\n\\.\ncreate table h (id int);\nreset role;\ncreate table i (id int);\n' >schema/06_data.sql
}

plain_files() {
	migration 07_plain <<-SQL
		-- rung: transaction: none
		create table j (id int);
		reset role;
		create table k (id int);
		create index concurrently on k (id);
	SQL
	migration 08_l <<<"create table l (id int);"
}

@test "files cannot leave the role, though RESET ROLE and the like are theirs" {
	login
	files
	plain_files
	run_rung upgrade --role "$ROLE"
	assert_status 0
	assert_owners "a role" "b role" "c other_$$" "d role" "e login_$$" "f role" "g role" "h role" "i role" "j role" "k role" "l role"
}

@test "the role is the session's default on the oldest and the newest server" {
	local major
	for major in 12 18; do
		server_start_other "$major"
		sql "create role $QUOTED; create role login_$$ login in role $QUOTED; create role other_$$ role $QUOTED;
			grant create, usage on schema public to $QUOTED, login_$$, other_$$"
		login
		files
		plain_files
		run_rung upgrade --role "$ROLE"
		assert_status 0
		assert_owners "a role" "b role" "c other_$$" "d role" "e login_$$" "f role" "g role" "h role" "i role" "j role" "k role" "l role"
	done
}

@test "options of one's own stay with the role, wherever they are" {
	login
	migration 01_a <<<"create table seen as select current_setting('work_mem') as memory, current_setting('a.b', true) as ab;"
	local before=$DATABASE_URL way
	cat >"$PROJECT/services" <<-INI
		[mine]
		options=-c work_mem=5MB -c a.b=x\\ y
	INI
	export PGSERVICEFILE=$PROJECT/services
	for way in environment url service; do
		case $way in
		environment) export PGOPTIONS='-c work_mem=5MB -c a.b=x\ y' ;;
		url) DATABASE_URL="$before&options=-c%20work_mem%3D5MB%20-c%20a.b%3Dx%5C%20y" ;;
		service) DATABASE_URL="$before&service=mine" ;;
		esac
		run_rung upgrade --role "$ROLE"
		assert_status 0
		DATABASE_URL=$before
		assert_owners "seen role"
		assert_equal "$(psql -XAtq -d "${before/login_$$@/postgres@}" -c 'select * from seen')" '5MB|x y'
		unset PGOPTIONS
		psql -XAtq -d "${before/login_$$@/postgres@}" -c "drop owned by $QUOTED; grant create, usage on schema public to $QUOTED"
	done
}

@test "behind a pooler that drops options the role is taken anyway, and leaks to nobody" {
	local mode
	for mode in transaction session; do
		PGBOUNCER_POOL_SIZE=$([ "$mode" = session ] && echo 5 || echo 1) PGBOUNCER_USER=login_$$ pgbouncer_start "$mode"
		login
		migration 01_a <<<"create table a (id int);"
		migration 02_b <<<"set work_mem = '7MB'; create table b (id int); insert into b values (1);"
		run_rung upgrade --role "$ROLE"
		assert_status 0
		assert_owners "a role" "b role"
		assert_equal "$(psql -XAtq -d "$DATABASE_URL" -c 'select current_user, session_user')" "login_$$|login_$$"
		run_rung status --role "$ROLE"
		assert_status 0
		run_rung log --role "$ROLE"
		assert_status 0
		mkdir -p schema/seed
		echo "insert into a values (1); set work_mem = '9MB'; prepare p as select 1;" >schema/seed/a.sql
		run_rung seed --role "$ROLE"
		assert_status 0
		assert_equal "$(psql -XAtq -d "$DATABASE_URL" -c 'select current_user, count(*) from pg_prepared_statements' -c 'show work_mem')" \
			$'login_'$$$'|0\n4MB'
		migration 03_c <<<"reset role; create table c (id int);"
		run_rung upgrade --role "$ROLE"
		assert_status 1
		assert_errors_contain "after \"03_c\" the session acts as \"login_$$\""
		assert_equal "$(psql -XAtq -d "$DATABASE_URL" -c 'select current_user, session_user')" "login_$$|login_$$"
		DATABASE_URL=$DIRECT_URL
		assert_sql "select to_regclass('c') is null" t
		sql "drop owned by $QUOTED cascade; grant create, usage on schema public to $QUOTED"
		rm -r schema/*
	done
}

@test "behind a pooler that refuses options as well" {
	migration 01_a <<<"create table a (id int);"
	PGBOUNCER_IGNORES=extra_float_digits pgbouncer_start transaction
	run_rung upgrade --role "$ROLE"
	assert_status 0
	DATABASE_URL=$DIRECT_URL
	assert_owners "a role"
}

@test "a role that is not there, or not ours to take, is reported as the server has it" {
	migration 01_a <<<"create table a (id int);"
	run_rung upgrade --role "nobody_$$"
	assert_status 1
	assert_errors_contain "role \"nobody_$$\" does not exist"
	assert_errors_contain "while taking the role"
	sql "revoke $QUOTED from login_$$"
	login
	run_rung upgrade --role "$ROLE"
	assert_status 1
	assert_errors_contain "permission denied to set role"
}

@test "a file that ends as somebody else is rolled back" {
	proxy_start --replace "SET ROLE \"other_$$\">SET ROLE \"login_$$\""
	migration 01_a <<<"create table a (id int); insert into a values (1);" # a new table alone is restored from nothing
	run_rung upgrade --role "other_$$"
	assert_status 1
	assert_errors_contain "after \"01_a\" the session acts as \"login_$$\" and not as \"other_$$\""
	DATABASE_URL=$DIRECT_URL
	assert_sql "select to_regclass('a') is null, count(*) from schema_version" "t|0"
}

@test "a role that is the user's own default is kept in nontransactional files, too" {
	export PGOPTIONS="-c role=other_$$"
	migration 01_a <<<"create table a (id int);"
	migration 02_plain <<<$'-- rung: transaction: none\nset role none;\ncreate table b (id int);\nreset role;\ncreate table c (id int);'
	migration 03_d <<<"create table d (id int);"
	run_rung upgrade
	assert_status 0
	unset PGOPTIONS
	assert_sql "select tablename, tableowner = 'other_$$' from pg_tables where schemaname = 'public' and length(tablename) = 1 order by 1" \
		$'a|t\nb|f\nc|t\nd|t'
	assert_sql "select count(*) from pg_tables where tablename like 'schema_version%' and tableowner <> 'other_$$'" 0
}
