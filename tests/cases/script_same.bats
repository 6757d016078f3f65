# Whatever a file ends its statements with, and whatever follows: the script that --sql prints makes,
# run by psql, the same catalog as the program. Swept over endings, over the files that the reader is
# compared with psql by, and over whole projects.

load ../lib/rung

setup() {
	: "${RUNG_TEST_TIMEOUT:=600}" # hundreds of files, some statement by statement
	rung_setup
	other_database
}

# OTHER_URL is the database that psql runs the scripts in.
other_database() {
	OTHER=${TEST_DATABASE}_other
	database_create "$(server_url "$TEST_SERVER")" "$OTHER"
	OTHER_URL=$(server_url "$TEST_SERVER" "$OTHER")
}

# The catalog, owners and privileges included, and what the history says of it.
catalog() {
	pg_dump --schema-only -d "$1" | grep -Ev '^\\(un)?restrict |^-- Dumped '
	psql -XAtq -v ON_ERROR_STOP=1 -d "$1" \
		-c "select version, name, checksum, state, rollback_checksum from ${HISTORY:-public.schema_version} order by version"
}

# by_script VERB ARGS… - prints the script for the other database and lets psql run it there.
by_script() {
	DATABASE_URL=$OTHER_URL run_rung "$1" --sql "${@:2}"
	assert_status 0
	printf '%s\n' "$output" >script.sql
	output=
	said=$(cd / && psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d "$OTHER_URL" -f "$PROJECT/script.sql" 2>&1) ||
		fail "psql: $said"
}

# by_program VERB ARGS… - the same by the program.
by_program() {
	run_rung "$@"
	assert_status 0
}

assert_same() {
	assert_equal "$(catalog "$OTHER_URL")" "$(catalog "$DATABASE_URL")" "psql and rung differ"
}

empty_both() {
	local url
	for url in "$DATABASE_URL" "$OTHER_URL"; do
		PGOPTIONS='-c client_min_messages=warning' psql -XAtq -d "$url" \
			-c "drop schema public cascade" -c "create schema public"
	done
}

# --- endings -------------------------------------------------------------------

# How a statement may end; {} is what follows it. \r is a carriage return.
endings() {
	cat <<-'ENDINGS'
		;{}
		 ;{}
		 -- note|;{}
		 -- note|;|{}
		|-- a|-- b; c|;{}
		 --|;{}
		 --;|;{}
		 -- it's "odd" $$ /*|;{}
		 /* a; */ -- note|;{}
		 /* a|b */;{}
		 -- note\r|;{}
		 -- note|\;|{}
		\;{}
		 :note|;{}
		 -- \\ \d|;{}
	ENDINGS
}

# What statements would do to what follows them, were it swallowed: nothing, an error, something else.
firsts() {
	cat <<-'FIRSTS'
		create function f_{n}() returns int language sql as 'select 1'
		create table f_{n} (a int)
		create view f_{n} as select 1 as a
		comment on schema public is 'note {n}'
		create function f_{n}() returns int begin atomic select 1; select 2; end
		copy copied from stdin
		select 1 as "a -- b"
	FIRSTS
}

nexts() {
	cat <<-'NEXTS'
		set search_path to elsewhere; create table t_{n} (a int);
		create table t_{n} (a int) -- the last
		set local role none
		\echo next; create table t_{n} (a int);
		copy copied from stdin -- again
		select ':not_a_variable', 1::int, '{1}'::int[], (array[1, 2])[1:2];
	NEXTS
}

# One file of each ending, first and next, or of every thirteenth; data follows where psql would read it.
a_sweep() {
	local head=$1 n=0 ending first next text data every=${RUNG_TEST_LONG:+1}
	while IFS= read -r first; do
		while IFS= read -r ending; do
			while IFS= read -r next; do
				n=$((n + 1))
				if [ $((n % ${every:-13})) -ne 0 ]; then continue; fi
				data=
				if [[ $first == copy* ]]; then data=$'|1|2|\\.|'; fi
				if [[ $first == copy* && $next == \\* && $ending == *'\;'* ]]; then continue; fi
				if [[ $ending == *'\;'* ]]; then
					text=${ending/'{}'/$next}
					if [[ $next == *';' || $next == \\* ]]; then text+=$data; else text+="|;$data"; fi
					if [[ $next == copy* ]]; then text+=$'|3|\\.|'; fi
				else
					text=${ending/'{}'/$data}
					text+="|$next"
					if [[ $next == copy* ]]; then text+=$'|;|3|\\.|'; fi
				fi
				{
					printf '%b' "$head"
					echo "\\set note '-- note'"
					text=${first}${text}
					text=${text//'{n}'/$n}
					text=${text//|/$'\n'}
					printf '%s' "${text//'\r'/$'\r'}"
				} >"schema/$((n + 100))_x.sql"
				printf 'comment on table copied is %s -- undone' "'$n'" >"rollback/rollback_$((n + 100))_x.sql"
			done < <(nexts)
		done < <(endings)
	done < <(firsts)
	[ "$n" -gt 500 ]
	migration 01_first <<<'create schema elsewhere; create table copied (a text); -- end'
	rollback_of 01_first <<<'drop table copied'
}

sweep() {
	a_sweep "$1"
	by_script upgrade
	by_program upgrade
	assert_same
	assert_equal "$(psql -XAtq -d "$OTHER_URL" -c "select count(*), min(a), max(a) from copied")" \
		"$(sql "select count(*), min(a), max(a) from copied")"
	by_script downgrade -20
	by_program downgrade -20 --force
	assert_same
	# What the database kept is printed in the same way.
	rm rollback/*
	by_script downgrade -20
	by_program downgrade -20 --force
	assert_same
}

@test "statements that end in any way, in one transaction a file" {
	sweep ''
}

@test "statements that end in any way, statement by statement" {
	sweep '-- rung: transaction: none\n'
}

@test "the last statement without a semicolon, after it a comment" {
	local text
	while IFS= read -r text; do
		rm -f schema/*.sql
		printf '%b' "$text" >schema/01_last.sql
		mkdir -p schema/part
		printf 'create table part_one (a int) -- no semicolon' >schema/part/one.sql
		migration 02_next <<<'set search_path to pg_catalog; create table public.next_one (a int)'
		by_script upgrade
		by_program upgrade
		assert_same
		empty_both
	done <<-'TEXTS'
		create function f() returns int language sql as 'select 1' -- nothing more
		create table t (a int);\ncomment on table t is 'note'\n-- later:\n-- update t set a = 1;
		create table t (a int) /* one\n-- two */
		create table t (a int) -- one\r
		\\ir part/one.sql\ncreate table t (a int)
		create function f() returns int language sql as 'select 1' \\ir part/one.sql\n -- behind\n
		-- rung: transaction: none\ncreate table t (a int)\\; create table u (a int) -- note
	TEXTS
}

# --- the oracle's corpus ---------------------------------------------------------

# Most of its files hold what no server takes; tests/oracle/compare.sh compares those by their messages.
@test "every file of the corpus that runs" {
	long_only
	local file count=0
	cp -R "$TESTS/oracle/corpus/part" .
	cp -R "$TESTS/oracle/corpus/part" schema
	for file in "$TESTS"/oracle/corpus/*.sql; do
		rm -f schema/*.sql
		cp "$file" schema/01_corpus.sql
		run_rung upgrade
		if [ "$status" -ne 0 ]; then continue; fi
		by_script upgrade
		assert_same
		count=$((count + 1))
		empty_both
	done
	[ "$count" -ge 5 ]
}

# --- whole projects ----------------------------------------------------------------

# system NAME - its files; hooks and where its database is are its own tests' business.
system() {
	rm -rf schema rollback
	cp -R "$TESTS/systems/$1/schema" "$TESTS/systems/$1/rollback" .
}

# One by one, since a batch is for the program to run.
upgrade_one_by_one() {
	local step=0
	until [ "$(DATABASE_URL=$OTHER_URL "$RUNG" upgrade --dry-run --json "$@" 2>/dev/null | grep -c '"planned"')" -eq 0 ]; do
		DATABASE_URL=$OTHER_URL run_rung upgrade --sql +1 "$@"
		if contains "$errors" "a batch cannot be printed"; then
			DATABASE_URL=$OTHER_URL by_program upgrade +1 "$@"
		else
			by_script upgrade +1 "$@"
		fi
		step=$((step + 1))
		[ "$step" -lt 50 ]
	done
	[ "$step" -gt 3 ]
}

up_and_down() {
	by_program upgrade "$@"
	upgrade_one_by_one "$@"
	assert_same
	by_script downgrade -1 "$@"
	by_program downgrade -1 --force "$@"
	assert_same
}

@test "brain" {
	long_only
	system brain
	up_and_down
	by_script downgrade base
	by_program downgrade base --force
	assert_same
	by_script upgrade
	by_program upgrade
	assert_same
}

@test "neuralblitz" {
	long_only
	system neuralblitz
	HISTORY=public.migration_history up_and_down --history-table public.migration_history
}

@test "mnfst_rag" {
	long_only
	system mnfst_rag
	up_and_down
}

@test "arc_halo, which the repository ships" {
	rm -rf schema rollback
	cp -R "$ROOT/schema" "$ROOT/rollback" .
	by_program upgrade
	by_script upgrade
	assert_same
	by_script downgrade base
	by_program downgrade base --force
	assert_same
}

@test "cronos, whose objects belong to a role" {
	local url
	server_start_own cronos_script
	other_database
	psql -XAtq -v ON_ERROR_STOP=1 -d "$(server_url cronos_script)" -v deploy_password=x -v app_password=x \
		-v audit_password=x -f "$TESTS/systems/cronos/bootstrap_roles.sql"
	for url in "$DATABASE_URL" "$OTHER_URL"; do
		psql -XAtq -v ON_ERROR_STOP=1 -d "$url" -f "$TESTS/systems/cronos/bootstrap_database.sql"
	done
	system cronos
	rm schema/06_*
	HISTORY=ops.schema_version up_and_down --role cronos_owner --history-table ops.schema_version
	assert_sql "select tableowner from pg_tables where tablename = 'users'" cronos_owner
}

# --- what psql brings along ----------------------------------------------------------

@test "a database of another encoding: the script is UTF-8 after every file" {
	local url
	psql -XAtq -d "$(server_url main)" -c "create database \"${TEST_DATABASE}_l1\" template template0 encoding latin1 lc_collate 'C' lc_ctype 'C'" \
		-c "create database \"${TEST_DATABASE}_l2\" template template0 encoding latin1 lc_collate 'C' lc_ctype 'C'"
	test_databases+=("$(server_url main "${TEST_DATABASE}_l1")" "$(server_url main "${TEST_DATABASE}_l2")")
	DATABASE_URL=$(server_url main "${TEST_DATABASE}_l1")
	OTHER_URL=$(server_url main "${TEST_DATABASE}_l2")
	migration 01_a <<<"create table a (t text default 'é');"
	migration 02_b <<<"create table b (t text default 'ü'); comment on table b is 'ünï';"
	by_program upgrade
	by_script upgrade
	assert_equal "$(PGCLIENTENCODING=UTF8 catalog "$OTHER_URL")" "$(PGCLIENTENCODING=UTF8 catalog "$DATABASE_URL")"
	PGCLIENTENCODING=UTF8 assert_sql "select obj_description('b'::regclass)" "ünï"
}

@test "psql's own settings and variables change nothing" {
	migration 01_a <<-'SQL'
		create table a (x int);
		insert into a select 1 \; insert into a select 2;
		create view v as select '{}'::int[] as d, (array[1, 2, 3])[1\:x] as s from a;
	SQL
	migration 02_bad <<<'create table b (x int); select nonsense;'
	DATABASE_URL=$OTHER_URL "$RUNG" upgrade --sql >script.sql
	run psql -Xq -v AUTOCOMMIT=off -v ON_ERROR_ROLLBACK=on -v x=2 -v int=text -d "$OTHER_URL" -f script.sql
	[ "$status" -eq 3 ]
	run_rung upgrade
	assert_status 1
	assert_same
}

@test "a name in the history cannot begin a line of the script" {
	migration 01_a <<<'create table a (x int);'
	rollback_of 01_a <<<'drop table a;'
	by_program upgrade
	rm schema/* rollback/*
	sql "update schema_version set name = E'01_a\ncreate table planted (x int);'"
	"$RUNG" downgrade --sql >script.sql
	run psql -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f script.sql
	assert_sql "select to_regclass('a') is null, to_regclass('planted') is null" "t|t"
}

@test "a hand-made table is adopted with what its files hold" {
	local url
	migration 01_a <<<'create table a (x int);'
	migration 02_b <<<'create table b (x int) -- note'
	rollback_of 01_a <<<'drop table a'
	rollback_of 02_b <<<'drop table b'
	for url in "$DATABASE_URL" "$OTHER_URL"; do
		psql -XAtq -d "$url" -c "create table a (x int)" \
			-c "create table schema_version (version integer primary key, description text, applied_at timestamptz default now())" \
			-c "insert into schema_version values (1, 'by hand')"
	done
	by_program upgrade
	by_script upgrade
	assert_same
	DATABASE_URL=$OTHER_URL run_rung check
	assert_status 0
}

# --- what cannot be printed ----------------------------------------------------------

# refused_unprinted WORDS ARGS… - refused by name, and not after the first half was printed.
refused_unprinted() {
	assert_refused 2 "${@:2}"
	assert_errors_contain "$1"
	assert_output ""
}

@test "a batch, after what could be printed" {
	migration 01_a <<<'create table a (id int primary key, n int);'
	migration 02_fill <<-'SQL'
		-- rung: batch table=a key=id
		update a set n = id where id > :lo and id <= :hi;
	SQL
	refused_unprinted "a batch cannot be printed as SQL" upgrade --sql
}

@test "what is left of a half-done migration" {
	migration 01_a <<<'create table a (id int);'
	migration 02_steps <<-'SQL'
		-- rung: transaction: none
		create table b (id int);
		select nonsense;
	SQL
	run_rung upgrade
	assert_status 6
	refused_unprinted '"02_steps" is half done' upgrade --sql
	assert_errors_contain "rung resume"
	refused_unprinted 'there is no option "--sql" for resume' resume --sql
}

@test "a nontransactional file in a single transaction" {
	migration 01_a <<<'create table a (id int);'
	migration 02_index <<<'create index concurrently a_id on a (id);'
	refused_unprinted '"02_index" cannot run in a single transaction' upgrade --sql --single-transaction
}

@test "what psql would not end where the program does" {
	migration 01_a <<<'create table a (id int);'
	migration 02_b <<<'create function begin() returns int language sql as $$ select 1 $$;'
	rollback_of 02_b <<<'drop function begin();'
	refused_unprinted "psql would wait for an END" upgrade --sql
	migration 02_b <<<'create table b (t text); copy b from stdin;'
	printf '1\r2\r' >>schema/02_b.sql
	refused_unprinted "rows end in carriage returns alone" upgrade --sql
}

@test "a file to copy from whose name holds a line break" {
	mkdir $'odd\nname'
	cp -R schema rollback $'odd\nname'
	cd $'odd\nname'
	printf 'create table b (t text);\n\\copy b from schema/b.csv\n' >schema/02_b.sql
	echo 1 >schema/b.csv
	refused_unprinted "the name of its file contains a line break" upgrade --sql
	run_rung upgrade
	assert_status 0
}
