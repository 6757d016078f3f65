# Commands of the user's around an upgrade and a downgrade.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
	migration 02_orders <<<'create table orders (id int primary key);'
	rollback_of 02_orders <<<'drop table orders;'
	cat >rung.ini <<-'INI'
		[hooks]
		before_upgrade = ./hook before_upgrade
		after_upgrade = ./hook after_upgrade
		before_downgrade = ./hook before_downgrade
		after_downgrade = ./hook after_downgrade
		failed = ./hook failed
	INI
	# Notes each call; fails when told so by a file of its name.
	cat >hook <<-'SH'
		#!/bin/sh
		echo "$1 $RUNG_COMMAND steps=$RUNG_STEPS last=$RUNG_LAST_STEP outcome=$RUNG_OUTCOME error=$RUNG_ERROR" >>called
		echo "hook $1 says this"
		test ! -e "fail_$1" || exit 7
	SH
	chmod +x hook
}

called() { cat called 2>/dev/null || true; }

@test "before and after an upgrade, with RUNG_* in their environment" {
	run_rung upgrade
	assert_status 0
	assert_equal "$(called)" "before_upgrade upgrade steps=2 last=02_orders outcome=ok error=
after_upgrade upgrade steps=2 last=02_orders outcome=ok error="
	assert_errors_contain "hook before_upgrade says this"
	refute_output_contains "says this"
}

@test "before and after a downgrade" {
	run_rung upgrade
	rm called
	run_rung downgrade --force
	assert_status 0
	assert_equal "$(called)" "before_downgrade downgrade steps=1 last=02_orders outcome=ok error=
after_downgrade downgrade steps=1 last=02_orders outcome=ok error="
}

@test "nothing to do, looking, dry runs and scripts call no hook" {
	run_rung upgrade --dry-run
	run_rung upgrade --sql
	run_rung status
	run_rung check
	run_rung stamp head
	run_rung upgrade
	assert_output_contains "nothing to do"
	assert_equal "$(called)" ""
}

@test "a failing before-hook stops everything" {
	touch fail_before_upgrade
	run_rung upgrade
	assert_status 5
	assert_errors_contain "the hook before_upgrade failed with exit code 7"
	assert_errors_contain "./hook before_upgrade"
	assert_sql "select count(*) from schema_version" 0
	assert_sql "select to_regclass('users') is null" t
	called | grep -q '^failed upgrade .*outcome=failed error=the hook before_upgrade failed'

	rm fail_before_upgrade
	run_rung upgrade
	assert_status 0
	touch fail_before_downgrade
	assert_refused 5 downgrade --force
	assert_errors_contain "the hook before_downgrade failed"
}

@test "a failing after-hook is reported, and that the migrations are done" {
	touch fail_after_upgrade
	run_rung upgrade
	assert_status 5
	assert_errors_contain "the hook after_upgrade failed with exit code 7"
	assert_errors_contain "done and recorded"
	assert_sql "select count(*) from schema_version" 2
	run_rung upgrade
	assert_status 0
}

@test "a failing migration calls the after-hook and the failed one" {
	migration 02_orders <<<'create table orders (id nonsense);'
	run_rung upgrade
	assert_status 1
	called | grep -q '^after_upgrade upgrade steps=2 last=02_orders outcome=failed error=type "nonsense" does not exist'
	called | grep -q '^failed upgrade steps=2 last=02_orders outcome=failed error=type "nonsense" does not exist'
}

@test "the failed-hook's own failure is only a warning" {
	migration 02_orders <<<'create table orders (id nonsense);'
	touch fail_failed
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'type "nonsense" does not exist'
	assert_errors_contain "warning"
	assert_errors_contain "the hook failed failed with exit code 7"
}

@test "after a cancel the hooks still run to their end" {
	migration 02_orders <<<'select pg_sleep(100);'
	start_rung upgrade
	wait_for "exists (select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep')"
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	called | grep -q '^after_upgrade .*outcome=failed'
	called | grep -q '^failed .*outcome=failed'
	assert_sql "select string_agg(version::text, ' ') from schema_version" 1
}

@test "a cancel during the before-hook stops it and everything else" {
	printf '#!/bin/sh\necho "$1" >>called\nif [ "$1" = before_upgrade ]; then exec sleep 100; fi\n' >hook
	start_rung upgrade
	wait_until 15 grep -qs before_upgrade called
	kill -TERM "$rung_pid"
	finish_rung
	assert_status 130
	grep -q '^failed' called
	assert_sql "select count(*) from schema_version" 0
}

@test "a hook by flag, with the project's directory as its own" {
	rm rung.ini
	mkdir deep
	printf '[files]\n' >rung.ini
	cd deep
	run_rung upgrade --hook-before-upgrade 'pwd >here; echo "$RUNG_PROJECT_DIR" >>here'
	assert_status 0
	assert_equal "$(head -n 1 "$PROJECT/here")" "$PROJECT"
}

@test "a hook that cannot be found" {
	run_rung upgrade --hook-before-upgrade ./no-such-hook
	assert_status 5
	assert_errors_contain "exit code 127"
	assert_sql "select to_regclass('users') is null" t
}


# What a caller may leave to its children: nohup, a service manager, a badly made wrapper.
@test "signals that the caller ignores or blocks change nothing" {
	run_rung upgrade
	assert_status 0
	migration 03_notes <<<'create table notes (id int);'
	printf '#!/bin/sh\necho "$1" >>called\nexit 7\n' >hook
	run --separate-stderr env --ignore-signal=CHLD,PIPE --block-signal=TERM,INT "$RUNG" upgrade
	errors=$stderr
	assert_status 5
	assert_errors_contain "exit code 7"

	rm rung.ini
	migration 03_notes <<<'select pg_sleep(100);'
	env --block-signal=TERM "$RUNG" upgrade >out 2>&1 3>&- &
	rung_pid=$!
	wait_for "exists (select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep')"
	kill -TERM "$rung_pid"
	status=0
	wait "$rung_pid" || status=$?
	assert_status 130
}
