# test: the full cycle on a scratch server.

load ../lib/rung

setup() {
	rung_setup
	export TMPDIR=$PROJECT/tmp
	mkdir -m 1777 "$TMPDIR"
	migration 01_users <<<'create table if not exists users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
}

scratch_directories() { find "$TMPDIR" -maxdepth 1 -name 'rung-scratch.*' | wc -l; }
scratch_pid() { head -qn 1 "$TMPDIR"/rung-scratch.*/data/postmaster.pid 2>/dev/null; }
scratch_runs() { [ -n "$(scratch_pid)" ] && kill -0 "$(scratch_pid)"; }
is_gone() { ! kill -0 "$1" 2>/dev/null; }

@test "what is right passes, and nothing is left" {
	migration 02_orders <<<'create table if not exists orders (id int references users);'
	rollback_of 02_orders <<<'drop table orders;'
	unset DATABASE_URL
	run_rung test
	assert_status 0
	assert_output_matches "01_users .*up, down, up, twice"
	assert_output_contains "down to base"
	assert_output_contains "up to head"
	assert_output_contains "2 migrations passed"
	assert_equal "$(scratch_directories)" 0
}

@test "the shipped schema passes" {
	rm -r schema rollback
	cp -r "$ROOT/schema" "$ROOT/rollback" .
	run_rung test
	assert_status 0
}

@test "the database of the environment is not touched" {
	run_rung test
	assert_status 0
	assert_sql "select count(*) from pg_tables where schemaname = 'public'" 0
}

@test "a rollback that forgets something" {
	migration 02_more <<<'alter table users add column if not exists a int, add column if not exists b text;'
	rollback_of 02_more <<<'alter table users drop column a;'
	run_rung test
	assert_status 3
	assert_output_contains "rollback/rollback_02_more.sql: leads to another schema than before the migration"
	assert_output_contains "  + column public.users.b: text"
	assert_output_contains "[down-differs]"
	assert_output_contains $'1 passed\n1 failed\n     1 down-differs: the rollback leads to another schema than before the migration\n      02_more'
}

@test "a rollback that takes too much is no fault of those after it" {
	migration 02_index <<<'create table shelf (id int, label text); create index shelf_id on shelf (id);'
	rollback_of 02_index <<<'drop table shelf; alter table users add column more int;'
	migration 03_label <<<'create index shelf_label on shelf (label);'
	rollback_of 03_label <<<'drop index shelf_label; alter table shelf drop column id;'
	migration 04_box <<<'create index shelf_both on shelf (id, label); alter table users add column more int;'
	rollback_of 04_box <<<'drop index shelf_both; alter table users drop column more;'
	migration 05_lid <<<'create table lid (id int);'
	rollback_of 05_lid <<<'drop table lidd;'
	migration 06_view <<<$'-- rung: order: last\ncreate view tails as select id from tail;'
	rollback_of 06_view <<<'drop view tails; drop table tail;'
	migration 07_tail <<<'create table tail (id int);'
	rollback_of 07_tail <<<'drop table tail, lid;'
	migration 08_view <<<$'-- rung: order: last\ncreate view of_tails as select id from tails;'
	rollback_of 08_view <<<'drop view of_tails;'
	run_rung test
	assert_status 3
	assert_output_contains $'3 passed\n5 failed\n     1 down: the rollback fails\n      05_lid'
	assert_output_contains $'\n     4 down-differs: the rollback leads to another schema than before the migration\n      02_index 03_label 07_tail 06_view'
}

@test "a migration that cannot run twice is noted, or an error with --strict" {
	migration 02_once <<<'create table once (id int);'
	rollback_of 02_once <<<'drop table once;'
	run_rung test
	assert_status 0
	assert_output_matches "02_once .*not twice"
	run_rung test --strict
	assert_status 3
	assert_output_contains 'applied a second time: relation "once" already exists (42P07) [not-idempotent]'
}

@test "a file that may be applied again must be idempotent, in what it leaves as well" {
	migration 02_index <<-SQL
		-- rung: on-change: reapply
		create index on users (id);
	SQL
	rollback_of 02_index <<<'drop index users_id_idx;'
	run_rung test
	assert_status 3
	assert_output_contains "the schema differs"
	assert_output_contains "+ index public.users_id_idx1: USING btree (id)"
}

@test "a migration that fails is named with its place, and ends the test" {
	migration 02_bad <<<$'create table ö (id int);\nselect nothing;'
	rollback_of 02_bad <<<'drop table ö;'
	migration 03_never <<<'select 1;'
	rollback_of 03_never <<<'select 1;'
	migration 04_nor <<<'select 1;'
	run_rung test
	assert_status 3
	assert_output_contains "schema/02_bad.sql:2:8"
	assert_output_contains $'     1 up: the migration itself fails\n      02_bad'
	assert_output_contains $'2 not tried\n     2 after: comes after one that fails\n      03_never 04_nor'
	refute_output_contains "03_never  "
	assert_equal "$(scratch_directories)" 0
}

@test "a rollback that fails" {
	rollback_of 01_users <<<'drop table user;'
	run_rung test
	assert_status 3
	assert_output_contains "rollback/rollback_01_users.sql:1"
	assert_output_contains "[down]"
}

@test "irreversible ones are not taken down" {
	migration 02_final <<<$'-- rung: irreversible: on purpose\ncreate table if not exists final (id int);'
	run_rung test
	assert_status 0
	assert_output_matches "02_final .*up, irreversible, twice"
	refute_output_contains "down to base"
	assert_output_contains $'1 passed\n1 not tried\n     1 irreversible: is irreversible on purpose\n      02_final'
	assert_output_contains "1 migration passed, 1 without a rollback"
}

@test "what this server does not have is told from a fault" {
	migration 02_outside <<<'create extension of_another_server;'
	rollback_of 02_outside <<<'drop extension of_another_server;'
	run_rung test
	assert_status 3
	assert_output_contains $'1 not tried\n     1 unavailable: needs what this server does not have; see --server\n      02_outside'
}

@test "each run starts as a new session does" {
	migration 02_setting <<-'SQL'
		set search_path = pg_catalog;
		create temp table passing (id int);
		create table public.kept (id int);
		do $$ begin execute format('alter database %I set rung.seen = %L', current_database(), 'yes'); end $$;
	SQL
	rollback_of 02_setting <<-'SQL'
		create temp table passing (id int);
		drop table kept;
		do $$ begin
			if current_setting('rung.seen', true) is distinct from 'yes' then raise 'not seen'; end if;
			execute format('alter database %I reset rung.seen', current_database());
		end $$;
	SQL
	# Also where all of them run again, in one go, for what comes after a rollback that damages.
	migration 03_needs <<-'SQL'
		do $$ begin if current_setting('rung.seen', true) is distinct from 'yes' then raise 'not set'; end if; end $$;
	SQL
	rollback_of 03_needs <<<'select 1;'
	migration 04_more <<<'create table more (id int);'
	rollback_of 04_more <<<'drop table more, kept;'
	migration 05_last <<<'alter table kept add column last int;'
	rollback_of 05_last <<<'alter table kept drop column last;'
	run_rung test
	assert_status 3
	assert_output_matches "02_setting .*up, down, up, not twice"
	assert_output_contains $'4 passed\n1 failed\n     1 down-differs'
}

@test "nontransactional migrations" {
	migration 02_plain <<<'create index concurrently if not exists i on users (id);'
	rollback_of 02_plain <<<'drop index concurrently i;'
	run_rung test
	assert_status 0
	assert_output_matches "02_plain .*up, down, up, twice"
}

@test "on a server that is named, in a database of its own" {
	before=$(sql "select count(*) from pg_database where datname like 'rung_scratch%'")
	run_rung test --server "$DATABASE_URL"
	assert_status 0
	# What a killed run left there goes when it is old; what is young, in use or of another name stays.
	young=rung_scratch_$(date +%s)_0123456789ab_1 old=rung_scratch_1000000000_0123456789ab_1
	others=("$young" rung_scratch_1000000000 rung_scratch_1000000000_0123456789ab_2)
	for name in "$old" "${others[@]}"; do sql "create database $name" >/dev/null; done
	psql -XAtq -d "$(url_of_database "$DATABASE_URL" "${others[2]}")" -c 'select pg_sleep(60)' 3>&- &
	reader=$!
	wait_for "exists (select from pg_stat_activity where datname = '${others[2]}')" 30
	run_rung test --database-url "$DATABASE_URL"
	kill "$reader"
	assert_sql "select string_agg(datname, ' ' order by datname) from pg_database where datname ~ '0123456789ab|_1000000000'" \
		"$(printf '%s\n' "${others[@]}" | sort | paste -sd ' ')"
	for name in "${others[@]}"; do sql "drop database $name with (force)" >/dev/null; done
	assert_status 0
	assert_sql "select count(*) from pg_tables where schemaname = 'public'" 0
	assert_sql "select count(*) from pg_database where datname like 'rung_scratch%'" "$before"
}

# Up, down, up and twice, each seen with its rows: a scratch database has no others to look for.
@test "what one migration more costs in round trips" {
	local trips=() name
	for name in 02_more 03_more; do
		migration "$name" <<<"create table t_$name (id int);"
		rollback_of "$name" <<<"drop table t_$name;"
		proxy_start
		run_rung test --server "$DATABASE_URL"
		assert_status 0
		proxy_stats >/dev/null
		trips+=("$(proxy_stat round_trips)")
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
	done
	[ $((trips[1] - trips[0])) -le 33 ] || fail "${trips[*]}"
}

@test "bad files stop it before a server is started" {
	cp schema/01_users.sql schema/01_twin.sql
	run_rung test
	assert_status 2
	assert_errors_contain "01"
}

# A migration that takes its time, so that there is a server to look at.
slow_migration() {
	migration 02_slow <<<'select pg_sleep(30);'
	rollback_of 02_slow <<<'select 1;'
}

@test "asked to stop, it takes its server along" {
	slow_migration
	start_rung test
	wait_until 30 scratch_runs
	pid=$(scratch_pid)
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	wait_until 15 is_gone "$pid"
	assert_equal "$(scratch_directories)" 0
}

@test "asked to stop on a named server, it takes its databases along" {
	slow_migration
	before=$(sql "select count(*) from pg_database where datname like 'rung_scratch%'")
	start_rung test --server "$DATABASE_URL"
	wait_for "exists (select from pg_stat_activity where query like '%pg_sleep(30)%' and datname like 'rung_scratch%')" 30
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	assert_sql "select count(*) from pg_database where datname like 'rung_scratch%'" "$before"
}

@test "killed, its server ends with it, and the next run sweeps up" {
	if [ "$(uname)" != Linux ]; then skip "only Linux ends a server with its parent"; fi
	slow_migration
	start_rung test
	wait_until 30 scratch_runs
	pid=$(scratch_pid)
	kill -KILL "$rung_pid"
	finish_rung || true
	wait_until 15 is_gone "$pid"
	assert_equal "$(scratch_directories)" 1
	rm schema/02_slow.sql rollback/rollback_02_slow.sql
	run_rung test
	assert_status 0
	assert_equal "$(scratch_directories)" 0
}
