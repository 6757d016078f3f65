# A bad statement in every mode: the place is right, the server's words are
# there, and the database is unchanged or exactly described.

load ../lib/rung

applied() { sql "select string_agg(version::text, ' ' order by version) from schema_version where state = 'applied'"; }
last_of_log() { sql "select action, outcome, version, sqlstate from schema_version_log order by id desc limit 1"; }

@test "in the middle of a pipeline: those before are recorded, it is rolled back, those after never ran" {
	local i
	for i in $(seq 10 29); do migration "${i}_t" <<<"create table t$i (id int);"; done
	printf 'create table early (id int);\n/* größer als */ insert into t10\n  values (1), (\xe2\x82\xac);\ncreate table late (id int);\n' \
		>schema/20_t.sql
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'schema/20_t.sql:3:16: error: '
	assert_errors_contain '    3 |   values (1), (€);'
	assert_errors_contain '      |                ^'
	assert_errors_contain '(42703)'
	assert_errors_contain 'column "€" does not exist'
	assert_errors_contain '10 of 20 steps are done and recorded, the last of them "19_t"; the current one was rolled back.'
	assert_equal "$(applied)" "10 11 12 13 14 15 16 17 18 19"
	assert_sql "select string_agg(relname, ' ' order by relname) from pg_class where relname ~ '^(t[0-9]+|early|late)$'" \
		"t10 t11 t12 t13 t14 t15 t16 t17 t18 t19"
	assert_sql "select count(*) from t10" 0
	assert_equal "$(last_of_log)" "apply|failed|20|42703"
	migration 20_t <<<"create table t20 (id int);"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from schema_version" 20
}

@test "the first of a pipeline: nothing was changed" {
	migration 01_a <<<"create tabel a (id int);"
	migration 02_b <<<"create table b (id int);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'schema/01_a.sql:1:8: error: syntax error at or near "tabel" (42601)'
	assert_errors_contain "The database is as it was before; nothing was changed."
	assert_equal "$(applied)" ""
	assert_sql "select to_regclass('b') is null" t
}

@test "multi-byte text, variables and comments before the place" {
	printf '%s\n' '\set long a_value_much_longer_than_its_name' '\set name grün' 'create table "grün" (id int);' \
		'/* ß */ select :'"'"'long'"'"', :"name".id, :"name".nope from :"name"; -- €' >schema/01_a.sql
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'schema/01_a.sql:4:37: error: column grün.nope does not exist (42703)'
	assert_errors_contain '    4 | /* ß */ select :'"'long'"', :"name".id, :"name".nope'
	assert_errors_contain "      |                                     ^"
}

@test "an error in the middle of a statement of many lines" {
	printf 'create table a (\n    id int,\n\t名前 text,\n\t名前2 txet\n);\n' >schema/01_a.sql
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'schema/01_a.sql:4:6: error: type "txet" does not exist (42704)'
}

@test "an error in an included file names that file" {
	mkdir schema/parts
	printf '\\set n 1\n-- ä\nselect :n +\n  nope;\n' >schema/parts/inner.sql
	printf 'create table a (id int);\n\\ir parts/inner.sql\n' >schema/01_a.sql
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/parts/inner.sql:4:3: error:"
	assert_sql "select to_regclass('a') is null" t
}

@test "DETAIL, HINT and CONTEXT of the server are shown" {
	migration 01_a <<-SQL
		create table a (id int primary key);
		insert into a values (1);
		insert into a values (1);
	SQL
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/01_a.sql:3:1: error: duplicate key"
	assert_errors_contain "(23505)"
	assert_errors_contain "DETAIL: Key (id)=(1) already exists."
	migration 01_a <<-SQL
		do \$\$
		begin
			raise exception 'no way' using hint = 'try another';
		end \$\$;
	SQL
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/01_a.sql:3:1: error: no way (P0001)"
	assert_errors_contain "HINT: try another"
	assert_errors_contain "PL/pgSQL function inline_code_block line 3 at RAISE"
}

@test "with COPY data, sent one by one" {
	printf 'create table a (id int);\ncopy a from stdin;\n1\n2\n\\.\n-- äöü\n/* ü */ select nope;\n' >schema/01_a.sql
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/01_a.sql:7:16: error:"
	assert_errors_contain "nothing was changed"
	assert_sql "select to_regclass('a') is null" t
	assert_equal "$(last_of_log)" "apply|failed|1|42703"
}

@test "an error in inline data is reported at its line" {
	migration 01_a <<<"create table a (id int, t text);"
	printf -- '-- größe\ncopy a from stdin;\n1\teins\n2\tzwei\nx\tdrei\n4\tvier\n\\.\n' >schema/02_data.sql
	migration 03_c <<<"create table c (id int);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'schema/02_data.sql:5:1: error: invalid input syntax for type integer: "x" (22P02)'
	assert_errors_contain '    5 | x'
	assert_errors_contain "COPY a, line 3, column id"
	assert_equal "$(applied)" "1"
	assert_sql "select count(*) from a" 0
	assert_sql "select to_regclass('c') is null" t
	assert_equal "$(last_of_log)" "apply|failed|2|22P02"
}

@test "an error in a data file names its line there" {
	printf '1\n2\nthree\n' >numbers.txt
	migration 01_a <<<$'create table a (id int);\n\\copy a from \'numbers.txt\''
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/01_a.sql:2:1: error:"
	assert_errors_contain "COPY a, line 3"
	assert_sql "select to_regclass('a') is null" t
}

@test "data that is not there" {
	migration 01_a <<<$'create table a (id int);\n\\copy a from \'nowhere.txt\''
	run_rung upgrade
	assert_status 2
	assert_errors_contain 'nowhere.txt": No such file or directory'
	assert_errors_contain "schema/01_a.sql:2:1"
	assert_sql "select to_regclass('a') is null" t
}

@test "COPY to where nobody reads is refused" {
	migration 01_a <<<$'create table a (id int);\ncopy a to stdout;'
	RUNG_TEST_TIMEOUT=20 run_rung upgrade
	[ "$status" = 1 ] || [ "$status" = 2 ] || fail "refused"
	assert_errors_contain "schema/01_a.sql:2:1"
	assert_sql "select to_regclass('a') is null" t
}

@test "a large COPY that fails at its first row ends, and the session continues" {
	migration 01_a <<<"create table a (id int);"
	{ echo "copy a from stdin;" && echo "x" && seq 400000 && echo '\.'; } >schema/02_data.sql
	RUNG_TEST_TIMEOUT=30 run_rung upgrade
	assert_status 1
	assert_errors_contain "22P02"
	assert_equal "$(last_of_log)" "apply|failed|2|22P02"
}

@test "an enum's new value that is used where it is added: the way out that is said works" {
	migration 01_mood <<<"create type mood as enum ('sad');"
	migration 02_ok <<<"alter type mood add value 'ok'; create table person (feels mood default 'ok');"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "55P04"
	assert_errors_contain "move ALTER TYPE ... ADD VALUE to a migration of its own before this one"
	migration 02_ok <<<"alter type mood add value 'ok';"
	migration 03_person <<<"create table person (feels mood default 'ok');"
	run_rung upgrade
	assert_status 0
}

@test "a single transaction: everything is undone" {
	migration 01_a <<<"create table a (id int);"
	printf 'copy a from stdin;\n1\n\\.\n' >schema/02_b.sql
	migration 03_c <<<"create table c (id int); select nope;"
	run_rung upgrade --single-transaction
	assert_status 1
	assert_errors_contain "schema/03_c.sql:1:33: error:"
	assert_errors_contain "The database is as it was before; nothing was changed."
	assert_equal "$(applied)" ""
	assert_sql "select to_regclass('a') is null" t
	assert_equal "$(last_of_log)" "apply|failed|3|42703"
}

@test "nontransactional: what was done stays, and is described" {
	migration 01_a <<<"create table a (id int); insert into a values (1), (1);"
	printf -- '-- rung: transaction: none\ncreate index concurrently a1 on a (id);\n/* ü */ create unique index concurrently a2\n  on a (nope);\n' \
		>schema/02_index.sql
	migration 03_c <<<"create table c (id int);"
	run_rung upgrade
	assert_status 6
	assert_errors_contain 'schema/02_index.sql:3:9: error: column "nope" does not exist (42703)'
	assert_errors_contain '"02_index" is half done: 1 of 2 statements.'
	assert_sql "select version, state, statements_done from schema_version order by 1" $'1|applied|2\n2|partial|1'
	assert_equal "$(last_of_log)" "apply|partial|2|42703"
	assert_sql "select to_regclass('c') is null" t
}

@test "nontransactional: the first statement fails, so nothing was changed" {
	migration 01_index <<<"create index concurrently i on nothing_there (id);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "schema/01_index.sql:1:1: error:"
	assert_errors_contain "42P01"
	assert_errors_contain "nothing was changed"
	assert_sql "select count(*) from schema_version" 0
	assert_sql "select count(*) from schema_version_step" 0
	assert_equal "$(last_of_log)" "apply|failed|1|42P01"
}

@test "nontransactional: settings before the first failing statement leave nothing either" {
	migration 01_index <<<"set maintenance_work_mem = '10MB'; create index concurrently i on nothing_there (id);"
	run_rung upgrade
	assert_status 1
	assert_sql "select count(*) from schema_version" 0
}

@test "a rollback that fails leaves the migration applied" {
	migration 01_a <<<"create table a (id int);"
	rollback_of 01_a <<-SQL
		drop table a;
		drop table ä;
	SQL
	run_rung upgrade
	run_rung downgrade --force
	assert_status 1
	assert_errors_contain 'rollback/rollback_01_a.sql:2:1: error: table "ä" does not exist (42P01)'
	assert_errors_contain "nothing was changed"
	assert_equal "$(applied)" "1"
	assert_sql "select count(*) from a" 0
	assert_equal "$(last_of_log)" "rollback|failed|1|42P01"
}

@test "COMMIT and ROLLBACK in the middle are reported before anything runs" {
	migration 01_a <<<"create table a (id int);"
	local word
	for word in COMMIT ROLLBACK BEGIN "END" "commit and chain"; do
		printf 'create table b (id int);\n-- ö\n/* ö */ %s;\ncreate table c (id int);\n' "$word" >schema/02_b.sql
		run_rung upgrade
		assert_status 2
		assert_errors_contain "schema/02_b.sql:3:9"
		assert_sql "select count(*) from pg_tables where schemaname = 'public'" 0
	done
}

@test "a deferred constraint that fails at COMMIT" {
	migration 01_a <<<"create table a (id int primary key); create table b (a int references a deferrable initially deferred);"
	migration 02_b <<<"insert into b values (7);"
	migration 03_c <<<"create table c (id int);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "23503"
	assert_errors_contain "while committing 02_b"
	assert_equal "$(applied)" "1"
	assert_sql "select count(*) from b" 0
	assert_equal "$(last_of_log)" "apply|failed|2|23503"
	printf 'insert into b values (7);\ncopy a from stdin;\n1\n\\.\n' >schema/02_b.sql
	run_rung upgrade
	assert_status 1
	assert_errors_contain "while committing 02_b"
	assert_equal "$(applied)" "1"
}

@test "a statement that ends the connection" {
	migration 01_a <<<"create table a (id int);"
	migration 02_b <<<"create table b (id int); select pg_terminate_backend(pg_backend_pid());"
	run_rung upgrade
	assert_status 4
	assert_errors_contain "terminating connection"
	assert_equal "$(applied)" "1"
	assert_sql "select to_regclass('b') is null" t
}

@test "a statement timeout is an error of the statement" {
	migration 01_a <<<"create table a (id int); select pg_sleep(30);"
	run_rung upgrade --statement-timeout 200ms
	assert_status 1
	assert_errors_contain "schema/01_a.sql:1:26: error: canceling statement due to statement timeout (57014)"
	assert_sql "select to_regclass('a') is null" t
}

@test "a history that vanishes while it is written" {
	migration 01_a <<<"create table a (id int);"
	migration 02_b <<<"drop table schema_version;"
	migration 03_c <<<"create table c (id int);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "\"02_b\" drops the history tables"
	assert_equal "$(applied)" "1"
	migration 02_b <<<"create index concurrently a_id on a (id);"
	migration 03_c <<<$'-- rung: transaction: none\ndrop table schema_version;'
	run_rung upgrade
	[ "$status" = 1 ] || [ "$status" = 6 ] || fail "the loss is noticed"
	assert_equal "$(applied)" "1 2"
}

@test "a user who may not write is told so" {
	sql "drop role if exists reader_$$; create role reader_$$ login"
	migration 01_a <<<"create table a (id int);"
	run_rung upgrade --database-url "${DATABASE_URL/postgres@/reader_$$@}"
	assert_status 1
	assert_errors_contain "permission denied for schema public"
	assert_errors_contain "needs CREATE on the schema"
	assert_sql "select count(*) from pg_tables where schemaname = 'public'" 0
	sql "drop role reader_$$"
}
