# Going up: what is pending is applied in order and recorded; what a file did to
# the session is undone; data travels with it.

load ../lib/rung

three_tables() {
	migration 01_one <<<"create table one (id int primary key);"
	migration 02_two <<<"create table two (id int primary key);"
	migration 03_three <<<"create table three (id int primary key);"
	rollback_of 01_one <<<"drop table one;"
	rollback_of 02_two <<<"drop table two;"
	rollback_of 03_three <<<"drop table three;"
}

applied() { sql "select string_agg(version::text, ' ' order by version) from schema_version"; }

@test "upgrade applies what is pending, in order, and records it" {
	three_tables
	run_rung upgrade
	assert_status 0
	assert_output_matches "01_one.*02_two.*03_three"
	assert_output_contains "3 migrations"
	assert_sql "select version, description, name, state from schema_version order by version" \
		$'1|one|01_one|applied\n2|two|02_two|applied\n3|three|03_three|applied'
	assert_sql "select version, action, outcome, name from schema_version_log order by id" \
		$'1|apply|done|01_one\n2|apply|done|02_two\n3|apply|done|03_three'
	assert_sql "select count(*) from one, two, three" 0
}

@test "a second upgrade has nothing to do" {
	three_tables
	run_rung upgrade
	run_rung upgrade
	assert_status 0
	assert_output_contains "nothing to do, the database is at 03_three"
	assert_sql "select count(*) from schema_version_log" 3
}

@test "what the rows say is true" {
	three_tables
	run_rung upgrade
	assert_sql "select checksum from schema_version where version = 1" "$(sha256sum <schema/01_one.sql | cut -d' ' -f1)"
	assert_sql "select rollback_sql from schema_version where version = 1" "drop table one;"
	assert_sql "select rollback_checksum from schema_version where version = 1" \
		"$(sha256sum <rollback/rollback_01_one.sql | cut -d' ' -f1)"
	assert_sql "select applied_by, applied_from, statements_done from schema_version where version = 1" \
		"postgres/$(id -un)|$(uname -n)|1"
	assert_sql "select bool_and(duration_ms between 0 and 60000 and now() - applied_at < interval '1 min') from schema_version" t
}

@test "numbers decide the order, whatever their width" {
	migration 2_second <<<"create table second (id int references first);"
	migration 10_third <<<"create table third (id int references second (id));"
	migration 1_first <<<"create table first (id int primary key);"
	sed -i 's/int references first/int primary key references first/' schema/2_second.sql
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 2 10"
}

@test "a target is a number, a name or a step count" {
	three_tables
	run_rung upgrade 1
	assert_status 0
	assert_equal "$(applied)" "1"
	run_rung upgrade 02_two
	assert_status 0
	assert_equal "$(applied)" "1 2"
	run_rung upgrade +1
	assert_status 0
	assert_equal "$(applied)" "1 2 3"
	run_rung upgrade +1
	assert_status 2
	assert_errors_contain "cannot apply 1: 0 migrations are pending"
}

@test "a dry run prints the plan and touches nothing" {
	three_tables
	run_rung upgrade --dry-run
	assert_status 0
	assert_output_matches "01_one.*02_two.*03_three"
	assert_output_contains "3 steps planned, nothing was changed"
	assert_sql "select count(*) from pg_class where relnamespace = 'public'::regnamespace" 0
}

@test "a single transaction holds everything" {
	three_tables
	run_rung upgrade --single-transaction
	assert_status 0
	assert_equal "$(applied)" "1 2 3"
	assert_sql "select count(distinct xmin::text) from schema_version" 1
}

@test "a single transaction with data in the middle" {
	three_tables
	printf 'copy one from stdin;\n1\n2\n\\.\n' >schema/02_two.sql
	run_rung upgrade --single-transaction
	assert_status 0
	assert_sql "select count(*) from one" 2
	assert_sql "select count(distinct xmin::text) from schema_version" 1
}

@test "a single transaction refuses what no transaction can hold" {
	three_tables
	migration 04_index <<<"create index concurrently i on one (id);"
	run_rung upgrade --single-transaction
	assert_status 2
	assert_errors_contain '"04_index" cannot run in a single transaction'
	assert_sql "select to_regclass('one') is null, to_regclass('schema_version') is null" "t|t"
}

@test "settings, role and search_path are as before after every file" {
	sql "drop role if exists somebody_$$; create role somebody_$$; grant create on schema public to somebody_$$"
	migration 01_settings <<-SQL
		create schema elsewhere;
		set search_path = elsewhere;
		set work_mem = '7MB';
		set lock_timeout = '77s';
		select set_config('statement_timeout', '88s', false);
		create table here (id int);
	SQL
	migration 02_role <<-SQL
		set role somebody_$$;
		create table hers (id int);
	SQL
	migration 03_authorization <<-SQL
		set session authorization somebody_$$;
		create table hers_too (id int);
	SQL
	migration 04_look <<-SQL
		create table seen as
		select current_user::text as who, session_user::text as really, current_setting('search_path') as path,
		       current_setting('work_mem') as memory, current_setting('statement_timeout') as patience;
	SQL
	run_rung upgrade
	assert_status 0
	assert_sql "select who, really, path, memory, patience from public.seen" 'postgres|postgres|"$user", public|4MB|0'
	assert_sql "select schemaname || '.' || tablename from pg_tables where tablename = 'here'" elsewhere.here
	assert_sql "select tableowner = 'somebody_$$' from pg_tables where tablename in ('hers', 'hers_too')" $'t\nt'
	sql "drop owned by somebody_$$; drop role somebody_$$"
}

@test "what the connection itself set stays set" {
	export PGOPTIONS="-c work_mem=5MB"
	migration 01_settings <<<"set work_mem = '7MB'; create table a (id int);"
	migration 02_look <<<"create table seen as select current_setting('work_mem') as memory;"
	run_rung upgrade
	assert_status 0
	assert_sql "select memory from seen" 5MB
}

@test "with --role everything belongs to the role, and stays so after a file that changes it" {
	sql "drop role if exists owner_$$; create role owner_$$; grant create, usage on schema public to owner_$$"
	migration 01_a <<<"create table a (id int); reset role; create table b (id int);"
	migration 02_b <<<"set role none; create table not_hers (id int);"
	migration 03_c <<<"create table c (id int);"
	run_rung upgrade --role "owner_$$"
	assert_status 0
	assert_sql "select tablename from pg_tables where tableowner = 'owner_$$' order by 1" \
		$'a\nb\nc\nschema_version\nschema_version_batch\nschema_version_catalog\nschema_version_log\nschema_version_run\nschema_version_step'
	sql "drop owned by owner_$$; drop role owner_$$"
}

@test "\\echo is said where it is" {
	migration 01_a <<<$'\\echo before the table\ncreate table a (id int);\n\\qecho behind it'
	run_rung upgrade --sql
	psql -XAtqd "$DATABASE_URL" -o results -f - <<<"$output" >told
	assert_equal "$(grep -h 'the table' told)" "before the table"
	grep -qx 'behind it' results
	sql "drop table a; delete from schema_version"
	run_rung upgrade
	assert_status 0
	assert_output_matches "before the table.*behind it.*01_a"
}

@test "a file of nothing but \\echo and settings is applied too" {
	migration 01_a <<<$'\\echo hello\nset work_mem = \'5MB\';'
	migration 02_b <<<"create table b (id int);"
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 2"
}

@test "inline COPY data arrives whole" {
	migration 01_a <<<"create table a (id int, t text);"
	{
		echo "copy a from stdin;"
		seq 100000 | sed 's/$/\tsome text with \\\\ and \\t/'
		echo '\.'
		echo "insert into a values (0, 'last');"
	} >schema/02_data.sql
	migration 03_b <<<"create table b (id int);"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*), count(distinct id), max(length(t)) from a" "100001|100001|22"
	assert_equal "$(applied)" "1 2 3"
}

@test "\\copy reads the file next to the project" {
	mkdir data
	seq 5000 >data/numbers.txt
	migration 01_a <<<$'create table a (id int);\n\\copy a from \'data/numbers.txt\''
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*), sum(id) from a" "5000|12502500"
}

@test "COPY with no rows, and two in a row" {
	printf 'create table a (id int);\ncopy a from stdin;\n\\.\ncopy a from stdin;\n1\n\\.\ncopy a from stdin;\n2\n\\.\n' \
		>schema/01_a.sql
	run_rung upgrade
	assert_status 0
	assert_sql "select id from a order by id" $'1\n2'
}

@test "statements larger than any buffer travel among small ones" {
	migration 01_a <<<"create table a (t text);"
	{
		printf "insert into a values ('"
		head -c 5000000 /dev/zero | tr '\0' x
		printf "');\ninsert into a values ('small');\ninsert into a values ('"
		head -c 3000000 /dev/zero | tr '\0' y
		printf "');\n"
	} >schema/02_big.sql
	migration 03_b <<<"create table b (id int);"
	RUNG_TEST_TIMEOUT=30 run_rung upgrade
	assert_status 0
	assert_sql "select length(t) from a order by 1" $'5\n3000000\n5000000'
	assert_equal "$(applied)" "1 2 3"
}

@test "hundreds of migrations, statements that return rows among them" {
	local i
	for i in $(seq 300); do
		echo "create table t$i (id int); select * from generate_series(1, 200);" >"schema/${i}_t.sql"
	done
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*), count(distinct version) from schema_version" "300|300"
	assert_sql "select count(*) from schema_version_log where outcome = 'done'" 300
	assert_sql "select count(*) from pg_tables where tablename ~ '^t[0-9]'" 300
}

@test "the log is a chain, and a changed or missing row breaks it" {
	three_tables
	run_rung upgrade
	run_rung downgrade --force
	local verify
	verify=$(sed 's/:"history_log"/public.schema_version_log/; s/\$1/null/' "$ROOT/src/history/log_verify.sql")
	assert_sql "$verify" ""
	sql "update schema_version_log set error = 'nothing happened' where id = 2"
	assert_sql "$verify" "2|t|f"
	sql "update schema_version_log set error = null where id = 2"
	assert_sql "$verify" ""
	sql "delete from schema_version_log where id = 2"
	assert_sql "$verify" "3|f|t"
}

@test "the log's chain survives other time zones, date styles and encodings of the client" {
	three_tables
	PGTZ=Asia/Kathmandu PGDATESTYLE=German PGCLIENTENCODING=LATIN1 run_rung upgrade
	assert_status 0
	assert_sql "$(sed 's/:"history_log"/public.schema_version_log/; s/\$1/null/' "$ROOT/src/history/log_verify.sql")" ""
}

@test "prepared statements thrown away by a file are not missed" {
	migration 01_a <<<"create table a (id int);"
	migration 02_b <<<"deallocate all; create table b (id int);"
	migration 03_c <<<"create table c (id int);"
	migration 04_d <<<"discard plans;"
	migration 05_e <<<"create table e (id int);"
	run_rung upgrade
	assert_status 0
	# Where code may have run, the session is cleared first.
	migration 06_f <<<"select set_config('work_mem', '5MB', false); deallocate all; create table f (id int);"
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 2 3 4 5 6"
}

@test "names a file prepares itself are its own" {
	migration 01_a <<<"prepare record as select 1; prepare log (int) as select \$1; execute log (3); create table a (id int);"
	migration 02_b <<<"create table b (id int);"
	run_rung upgrade
	assert_status 0
	assert_equal "$(applied)" "1 2"
}

@test "a history elsewhere, with a name that needs quotes" {
	sql 'create schema "My Schema"'
	three_tables
	run_rung upgrade --history-table '"My Schema"."The ""History"""'
	assert_status 0
	assert_sql 'select count(*) from "My Schema"."The ""History"""' 3
	assert_sql "select to_regclass('public.schema_version') is null" t
	run_rung upgrade --history-table '"My Schema"."The ""History"""'
	assert_output_contains "nothing to do"
}

@test "a hand-made table of three columns is adopted" {
	three_tables
	sql "create table schema_version (version integer primary key, description text, applied_at timestamptz default now());
		insert into schema_version values (1, 'one'); create table one (id int primary key)"
	run_rung upgrade
	assert_status 0
	assert_sql "select version, name, checksum is not null, state from schema_version order by version" \
		$'1|01_one|t|applied\n2|02_two|t|applied\n3|03_three|t|applied'
	assert_sql "select action from schema_version_log order by id" $'adopt\nadopt\napply\napply'
}

@test "a relative target keeps its meaning where the line is not straight" {
	migration 01_a <<<'create table a (n int);'
	migration 02_b <<<$'-- rung: branch: left\n-- rung: requires: 01\ncreate table b (n int);'
	migration 03_c <<<$'-- rung: branch: right\n-- rung: requires: 01\ncreate table c (n int);'
	migration 04_d <<<$'-- rung: requires: 02, 03\ncreate table d (n int);'
	run_rung upgrade +3
	assert_status 0
	assert_sql "select string_agg(version::text, ' ' order by version) from schema_version" "1 2 3"
}

@test "a file that would let go of the migration lock is refused at its line" {
	migration 01_a <<<$'create table a (n int);\nselect pg_advisory_unlock_all();'
	run_rung upgrade
	assert_status 2
	assert_errors_contain "schema/01_a.sql:2:1"
	migration 01_a <<<$'-- rung: transaction: none\ncreate table a (n int);\nDISCARD ALL;'
	run_rung upgrade
	assert_status 2
	assert_errors_contain "schema/01_a.sql:3:1"
	assert_sql "select to_regclass('a') is null" t
}

@test "a server whose system cannot tell that a client has gone" {
	local option
	for option in "" --single-transaction; do
		proxy_start --replace "check_interval', '2s'>check_interval', '2x'"
		migration 01_a <<<"create table a (id int);"
		migration 02_b <<<"create table b (id int);"
		printf 'copy a from stdin;\n1\n\\.\n' >schema/03_data.sql
		if [ -z "$option" ]; then migration 04_index <<<"create index concurrently a_id on a (id);"; fi
		migration 05_c <<<"create table c (id int);"
		run_rung upgrade $option
		assert_status 0
		assert_sql "select count(*), count(distinct version) from schema_version where state = 'applied'" "$((${#option} ? 4 : 5))|$((${#option} ? 4 : 5))"
		assert_sql "select count(*) from schema_version_log where outcome <> 'done'" 0
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
		rm schema/*
		sql "set client_min_messages = error; drop schema public cascade; create schema public"
	done
}

@test "a server behind a pooler whose system cannot tell that a client has gone" {
	local pooler
	PGBOUNCER_PORT=5432 pgbouncer_start transaction
	pooler=${DATABASE_URL#*host=} pooler=${pooler%&*}
	TEST_SERVER=${pooler##*/} proxy_start --replace "check_interval', '2s'>check_interval', '2x'"
	migration 01_a <<<"create table a (id int);"
	migration 02_b <<<"create table b (id int);"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version where state = 'applied'" 2
}

# file_calls COUNT - what it asks of files with so many of them, a line for each kind of call.
file_calls() {
	local number faults=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/faults.so
	[ -e "$faults" ] || skip "faults.so is not built"
	for ((number = 1; number <= $1; number++)); do
		migration "$(printf %02d "$number")_t" <<<"create table t$number (id int);"
		rollback_of "$(printf %02d "$number")_t" <<<"drop table t$number;"
	done
	env LD_PRELOAD="$faults" RUNG_FAULT_COUNT="$PROJECT/counts" "$RUNG" upgrade >/dev/null 2>errors || fail "$(<errors)"
	grep -E '^(open|stat|read|path)=' counts
}

# of_each A B COUNT - what so many files more cost each; the first run asks for a thing or two by itself.
of_each() { paste -d= "$1" "$2" | awk -F= -v n="$3" '{ print $1, int(($4 - $2) / n + 0.5) }'; }

@test "a file costs one open, one look and one read each time it is read, and it is read once for each purpose" {
	file_calls 10 >ten_new
	file_calls 10 >ten_idle
	file_calls 30 >twenty_new
	file_calls 30 >thirty_idle
	# For its checksum alone.
	assert_equal "$(of_each ten_idle thirty_idle 20)" $'open 1\nstat 1\nread 1\npath 0'
	# Ten more that are new, and ten that are not: to look into it and into its rollback. Those are what runs.
	assert_equal "$(of_each ten_new twenty_new 10)" $'open 4\nstat 4\nread 4\npath 0'
}
