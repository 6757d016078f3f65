# Whatever a file leaves in its session, what is written of it and of the run is written as if it had
# left nothing, and the next file finds nothing of it. How a file leaves more than settings is in
# session.bats.

load ../lib/rung

# States, one a line: a name and a statement that leaves it.
states() {
	cat <<-'SQL'
		role|set role other_session;
		role_hidden|do $$ begin perform set_config('role', 'other_session', false); end $$;
		role_of_transaction|set local role other_session;
		authorization|set session authorization other_session;
		encoding|set client_encoding = latin1;
		encoding_hidden|select set_config('client_encoding', 'latin1', false);
		path|set search_path = shadow, pg_catalog;
		row_security|set row_security = off;
		strings|set standard_conforming_strings = off;
		dates|set datestyle = 'German'; set timezone = 'Asia/Kolkata'; set intervalstyle = 'sql_standard';
		bytes|set bytea_output = 'escape'; set extra_float_digits = -10; set quote_all_identifiers = on;
		nulls|set transform_null_equals = on; set array_nulls = off;
		read_only|set default_transaction_read_only = on;
		read_only_hidden|do $$ begin perform set_config('default_transaction_read_only', 'on', false); end $$;
		isolation|set session characteristics as transaction isolation level serializable, deferrable;
		replica|set session_replication_role = replica;
		storage|set default_tablespace = 'pg_global';
		timeouts|set statement_timeout = 60000; set lock_timeout = 60000; set idle_in_transaction_session_timeout = 50000;
		commits|set synchronous_commit = off;
	SQL
}

settings="role client_encoding search_path row_security standard_conforming_strings datestyle timezone
	intervalstyle bytea_output extra_float_digits quote_all_identifiers transform_null_equals array_nulls
	default_transaction_read_only default_transaction_isolation default_transaction_deferrable
	session_replication_role default_tablespace synchronous_commit"

base() {
	sql "set client_min_messages = error; drop role if exists other_session; create role other_session;
		create schema shadow; grant usage on schema shadow to other_session;
		create function shadow.lower(text) returns text language sql as 'select null::text';
		create table seen (file text, state text); create table keyed (id int primary key, n int);
		insert into keyed select generate_series(1, 300);
		grant all on seen, keyed to other_session"
	CLEAN=$(printf "current_setting('%s'), " $settings)
	CLEAN="concat_ws(' ', ${CLEAN}current_user, session_user)"
}

# files HEAD BEFORE AFTER [FILTER] - for each state a file that leaves it, and one that looks; HEAD, the
# statements BEFORE and AFTER are around what leaves it.
files() {
	local name text number=100
	while IFS='|' read -r name text; do
		[[ $name =~ ${4:-.} ]] || continue
		printf '%s\n' "${1:--- a file}" "$2" "$text" "$3" >"schema/${number}_größe_$name.sql"
		printf "select 'größe';\n" >"rollback/rollback_${number}_größe_$name.sql"
		printf 'insert into seen select %s, %s;\n' "'$name'" "$CLEAN" >"schema/$((number + 1))_look.sql"
		printf "select 'look';\n" >"rollback/rollback_$((number + 1))_look.sql"
		number=$((number + 10))
	done < <(states)
}

# Two files a run: the state's is the first, with which the run is written down.
by_twos() {
	local file
	for file in schema/*; do
		case $file in *_look.sql) continue ;; esac
		"$@" +2
	done
}

assert_clean() {
	assert_sql "select file, state from seen where state <> (select $CLEAN)" ""
	assert_sql "select count(*) > 0 from seen" t
}

# assert_right [STOPPED] - every record, log entry and run has the names of its file, whole, and whose work
# it was; STOPPED runs were never finished.
assert_right() {
	local names
	names=$(find schema -name '*.sql' -printf '%f\n' | sed 's/\.sql$//' | sort)
	assert_sql "select name from schema_version order by version" "$names"
	assert_sql "select distinct name from schema_version_log where version is not null order by 1" "$names"
	assert_sql "select count(*) from schema_version where rollback_sql like '%größe%'" "$(grep -c größe <<<"$names")"
	assert_sql "select count(*) from schema_version where applied_by not like 'postgres/%'" 0
	assert_sql "select count(*) from schema_version_log where db_user <> 'postgres'" 0
	assert_sql "select count(*) from schema_version_run where db_user <> 'postgres'" 0
	assert_sql "select count(*) from schema_version_run where finished_at is null" "${1:-0}"
	assert_sql "select count(*) from schema_version_run where to_name not in (select name from schema_version)" 0
	run_rung log --verify
	assert_status 0
}

upgrade() {
	run_rung upgrade "$@"
	assert_status 0
}

@test "a file in our transaction" {
	base
	files
	by_twos upgrade
	assert_right
	assert_clean
}

@test "a file with a transaction of its own" {
	base
	files "" "begin isolation level repeatable read;" "commit;"
	by_twos upgrade
	assert_right
	assert_clean
}

@test "a file that runs statement by statement" {
	base
	files "-- rung: transaction: none" "" "select 1;"
	by_twos upgrade
	assert_right
	assert_clean
}


@test "a file that updates in chunks" {
	base
	files "-- rung: transaction: none" "" $'-- rung: batch table=public.keyed key=id size=100\nupdate public.keyed set n = id where id > :lo and id <= :hi;' '^(role|auth|encoding|path|dates|repl)'
	upgrade
	assert_right
	assert_clean
}

@test "files that share one transaction" {
	base
	files
	upgrade --single-transaction
	assert_right
	assert_clean
}

@test "files that are applied again, and rolled back" {
	local file
	base
	files "-- rung: on-change: reapply"
	upgrade
	for file in schema/*größe*; do echo "-- edited" >>"$file"; done
	upgrade
	assert_right
	assert_clean
	for file in schema/*größe*; do cp "$file" "rollback/rollback_${file#schema/}"; done
	for file in schema/*look.sql; do cp "$file" "rollback/rollback_${file#schema/}"; done
	sql "truncate seen"
	run_rung downgrade base --force
	assert_status 0
	assert_clean
	assert_sql "select count(*) from schema_version" 0
}

@test "a script that psql runs, of each kind of file" {
	local head brief
	base
	for head in "-- a file" "-- rung: transaction: none"; do
		files "$head" "" "select 1;"
		for brief in "" =brief; do
			# For review only what a statement says is put back.
			if [ -n "$brief" ]; then rm {schema,rollback}/*_hidden.sql; fi
			sql "set client_min_messages = error; drop table if exists $(history_tables)"
			run_rung upgrade --sql$brief
			assert_status 0
			printf '%s\n' "$output" >all.sql
			psql -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f all.sql >/dev/null
			assert_clean
			assert_sql "select count(*) from schema_version where description like '%größe%'" "$(find schema -name '*größe*' | wc -l)"
		done
	done
}

@test "behind a transaction pooler" {
	base
	files
	PGBOUNCER_POOL_SIZE=1 pgbouncer_start transaction
	upgrade
	assert_right
	assert_clean
}

@test "a file that stopped and continues in another session" {
	base
	files "-- rung: transaction: none" "select 1;" "select 1 / count(*) from public.keyed;" '^[^_]*$'
	sql "truncate keyed"
	local file stopped=0
	for file in schema/*größe*; do
		run_rung upgrade
		assert_status 6
		stopped=$((stopped + 1))
		sql "insert into keyed values (1)"
		upgrade "${file:7:3}"
		sql "truncate keyed"
	done
	upgrade
	assert_right $stopped
	assert_clean
}

@test "seeds" {
	base
	files
	mkdir schema/seed
	mv schema/*.sql schema/seed
	run_rung seed
	assert_status 0
	assert_clean
}
