# The settings that a role, a database or the caller's environment give to a session change what files do, as in
# psql, but nothing of what is said about them: the same project under each of them, with the same words.

load ../lib/rung

project() {
	migration 01_a <<-'SQL'
		create table a (id int primary key, at timestamptz, f float8, s text);
		insert into a (id, at, f)
		select g, timestamptz '2026-03-04 05:06:07+00' + g * interval '1 day', g / 3.0 from generate_series(1, 20) g;
	SQL
	rollback_of 01_a <<<'drop table a;'
	migration 02_i <<<$'-- rung: transaction: none\ncreate index concurrently a_at on a (at);\nselect 1;'
	rollback_of 02_i <<<'drop index concurrently a_at;'
	migration 03_b <<<$'-- rung: batch table=a key=at size=7\nupdate a set s = \'x\' where at > :lo and at <= :hi;'
	rollback_of 03_b <<<'update a set s = null;'
	migration 04_x <<<$'create table x (n text[] default array[null, \'a\']);\nselect missing;'
	rollback_of 04_x <<<'drop table x;'
}

# What differs from run to run, and how wide it makes a column.
masked() {
	sed -E -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{8,}[+-][0-9:]+/TIME/g' -e 's/[0-9.]+ (ms|s)\b/TOOK/g' \
		-e 's/"duration_ms":[0-9]+/"duration_ms":N/g' -e 's/[0-9a-f]{64}/HASH/g' -e 's/\b[0-9a-f]{12}\b/ID/g' \
		-e 's/ {2,}/ /g' -e '/running$/d' -e "s/$TEST_DATABASE/DATABASE/g"
}

scene() {
	local line
	while read -r line; do
		if [ "$line" = mend ]; then
			sed -i 's/select missing/select 1/' schema/04_x.sql
			continue
		fi
		echo "== $line"
		# shellcheck disable=SC2086 # a command line
		"$RUNG" $line 2>&1 || echo "exit $?"
	done <<-'LINES' | masked
		upgrade 3
		upgrade +1
		mend
		status
		status --json
		upgrade head
		history --json
		log --json
		log --verify
		show 2 --json
		downgrade --sql
		downgrade -1 --force
		downgrade 1 --force
		stamp 3
		repair 2
		downgrade base --force
	LINES
}

# differs_not SETTINGS... - as PGOPTIONS; those of the role in its database are set before.
differs_not() {
	local said
	database_drop "$DATABASE_URL"
	database_create "$(server_url main)" "$TEST_DATABASE"
	project
	for said in "${of_database[@]}"; do sql "alter database \"$TEST_DATABASE\" set $said"; done
	for said in "${of_role[@]}"; do sql "alter role postgres in database \"$TEST_DATABASE\" set $said"; done
	PGOPTIONS=$* scene >other.txt
	diff plain.txt other.txt || fail "not the same under: $* ${of_database[*]} ${of_role[*]}"
}

prepare() {
	of_database=() of_role=()
	project
	scene >plain.txt
	grep -q '"head_applied_at":"TIME"' plain.txt
	if grep -n "TIME.*[0-9][0-9]:[0-9][0-9]" plain.txt; then fail "a time in another form"; fi
}

@test "settings of the environment, the role and the database change nothing that is said, all at once" {
	prepare
	of_database=("datestyle = 'SQL, DMY'" "timezone = 'America/St_Johns'" "array_nulls = off" "row_security = off")
	of_role=("bytea_output = escape" "client_encoding = LATIN1" "plan_cache_mode = force_generic_plan"
		"default_transaction_isolation = serializable" "default_transaction_deferrable = on" "synchronous_commit = off")
	PGCLIENTENCODING=SJIS differs_not -c intervalstyle=iso_8601 -c extra_float_digits=-15 -c lock_timeout=1 \
		-c standard_conforming_strings=off -c escape_string_warning=off -c transform_null_equals=on \
		-c statement_timeout=9s -c idle_in_transaction_session_timeout=9s -c client_min_messages=error
}

@test "each of them alone" {
	long_only
	local setting
	prepare
	for setting in datestyle=German datestyle=SQL,DMY datestyle=Postgres,MDY timezone=Asia/Kolkata array_nulls=off \
		intervalstyle=sql_standard extra_float_digits=-15 bytea_output=escape transform_null_equals=on \
		client_encoding=LATIN1 default_transaction_isolation=serializable statement_timeout=5s idle_session_timeout=5s \
		idle_in_transaction_session_timeout=5s search_path='\"$user\",public' lock_timeout=1 row_security=off; do
		differs_not -c "$setting"
	done
}

@test "times of people are to the second, those of programs ISO 8601 with their zone" {
	migration 01_a <<<'select 1;'
	run_rung upgrade
	export PGOPTIONS='-c datestyle=German -c timezone=Asia/Kolkata'
	run_rung history
	assert_output_matches ' 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{8}\+05:30 '
	run_rung history --json
	assert_output_matches '"applied_at":"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+\+05:30"'
}

@test "a batch continues where it stopped, whatever the next session's DateStyle; values that would be cut are refused" {
	project
	sql "create table trap (at timestamptz); insert into trap values ('2026-03-14 05:06:07+00')"
	migration 03_b <<-'SQL'
		-- rung: batch table=a key=at size=3
		update a set s = concat(s, (1 / (not exists (select from trap t where t.at = a.at))::int)) where at > :lo and at <= :hi;
	SQL
	PGOPTIONS='-c datestyle=SQL,DMY -c timezone=Asia/Kolkata' run_rung upgrade 3
	assert_status 6
	sql "delete from trap"
	PGOPTIONS='-c datestyle=SQL,MDY' run_rung upgrade 3
	assert_status 0
	assert_sql "select count(*), min(s), max(s) from a" "20|1|1"
	migration 04_x <<<$'-- rung: batch table=a key=f size=3\nupdate a set s = \'y\' where f > :lo and f <= :hi;'
	PGOPTIONS='-c extra_float_digits=0' run_rung upgrade
	assert_status 6
	assert_errors_contain "this session's extra_float_digits changes values"
	assert_errors_contain 'PGOPTIONS="-c extra_float_digits=1"'
	PGOPTIONS="-c extra_float_digits=1" run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from a where s = 'y'" 20
}
