# create: a new pair of files, and nothing overwritten.

load ../lib/rung

@test "the first pair of a project" {
	rmdir schema rollback
	unset DATABASE_URL
	run_rung create "First tables"
	assert_status 0
	assert_output "created schema/01_first_tables.sql
created rollback/rollback_01_first_tables.sql"
	grep -q "First tables" schema/01_first_tables.sql
	grep -q "01_first_tables.sql" rollback/rollback_01_first_tables.sql
}

@test "the next number, in the width in use" {
	migration 0007_seven <<<'select 1;'
	run_rung create eight --manual
	assert_status 0
	[ -f schema/0008_eight.sql ]
	[ -f rollback/rollback_0008_eight.sql ]
}

@test "timestamps continue as timestamps" {
	migration 20260209114500_first <<<'select 1;'
	run_rung create "second one"
	assert_status 0
	[ "$(find schema -name '20[0-9]*_second_one.sql' | wc -l)" -eq 1 ]
}

@test "numbers of files that cannot be used are taken, too" {
	migration 01_one <<<'select 1;'
	migration 02_two <<<'select 1;'
	migration 02_twin <<<'select 1;'
	run_rung create three
	assert_status 0
	[ -f schema/03_three.sql ]
}

@test "the orchestrator gets its line" {
	migration 01_one <<<'select 1;'
	printf -- '-- by hand\n\\ir 01_one.sql\n' >schema/00_master_schema.sql
	run_rung create two
	assert_status 0
	assert_output_contains "updated schema/00_master_schema.sql"
	assert_equal "$(cat schema/00_master_schema.sql)" "-- by hand
\\ir 01_one.sql
\\ir 02_two.sql"
}

@test "an existing file is never overwritten" {
	echo "precious" >rollback/rollback_01_one.sql
	run_rung create one
	assert_status 0
	assert_equal "$(cat rollback/rollback_01_one.sql)" precious
	[ ! -e schema/01_one.sql ]
	[ -f rollback/rollback_02_one.sql ]
}

@test "what is created can be filled in and applied" {
	run_rung create users
	echo 'create table users (id int);' >>schema/01_users.sql
	echo 'drop table users;' >>rollback/rollback_01_users.sql
	run_rung check --offline
	assert_status 0
	run_rung upgrade
	assert_status 0
	run_rung downgrade base --force
	assert_status 0
}

@test "messages that make no name" {
	run_rung create "???"
	assert_status 2
	assert_errors_contain "cannot make a file name"
	run_rung create
	assert_status 2
	run_rung create two words
	assert_status 0
	assert_output_contains "01_two_words.sql"
}

@test "created files as JSON" {
	run_rung create users --json
	assert_status 0
	assert_output_matches '"type":"file","action":"created","path":"schema/01_users.sql"'
}

@test "create says what comes next" {
	run_rung create users
	assert_errors_contain 'Next: write SQL into both files, then "rung test"'
	advised 'rung test' 3 # nothing is written yet
}

@test "a template that nobody wrote anything into is refused until it is written, or --allow-empty is said" {
	run_rung create users
	assert_refused 3 check --offline
	assert_output_contains "[template]"
	assert_output_contains '"schema/01_users.sql" is still the template'
	assert_output_contains '"rollback/rollback_01_users.sql" is still the template'
	assert_output_contains 'irreversible: reason'
	for way in upgrade "upgrade --dry-run" "upgrade --sql" setup; do
		# shellcheck disable=SC2086 # words
		assert_refused 2 $way
		assert_errors_contain 'schema/01_users.sql: "schema/01_users.sql" is still the template (Write SQL into it.'
		assert_errors_contain '"rollback/rollback_01_users.sql" is still the template (Write SQL that undoes'
	done
	echo 'create table users (id int);' >>schema/01_users.sql
	assert_refused 2 upgrade
	assert_errors_contain '"rollback/rollback_01_users.sql" is still the template'
	run_rung upgrade --allow-empty
	assert_status 0
	assert_errors_contain 'warning: "rollback/rollback_01_users.sql" is still the template'
	assert_refused 2 downgrade --force
	echo 'drop table users;' >>rollback/rollback_01_users.sql
	run_rung downgrade --force
	assert_status 0
	assert_sql "select to_regclass('users')" ""
}

# What went up empty, then was written: the way that is said first leads to the table.
@test "a template that went up empty comes down again, is written and goes up" {
	run_rung create users
	run_rung upgrade --allow-empty
	assert_status 0
	echo 'create table users (id int);' >>schema/01_users.sql
	echo 'drop table users;' >>rollback/rollback_01_users.sql
	run_rung upgrade
	assert_status 3
	assert_errors_contain 'HINT: In development, run it again: "rung downgrade" (with the rollback kept of what ran), then "rung upgrade".'
	run_rung downgrade --force
	assert_status 0
	assert_errors_contain "the rollback kept in the database is run"
	run_rung upgrade
	assert_status 0
	assert_sql "select to_regclass('users')" users
	echo '-- more' >>schema/01_users.sql
	run_rung repair 01
	assert_errors_contain 'accepting 01_users as it is now: nothing is run, and the database is not changed'
}

@test "test fails for a template, and passes it with --allow-empty" {
	run_rung create users
	run_rung test
	assert_status 3
	assert_output_contains '"schema/01_users.sql" is still the template'
	run_rung test --allow-empty
	assert_status 0
	echo 'create table users (id int);' >>schema/01_users.sql
	run_rung test
	assert_status 3
	assert_output_contains '"rollback/rollback_01_users.sql" is still the template'
	assert_output_contains "Write SQL that undoes the migration."
}

@test "a migration that is meant to do nothing says so by holding nothing" {
	run_rung create nothing
	echo '-- on purpose' >schema/01_nothing.sql
	echo '-- on purpose' >rollback/rollback_01_nothing.sql
	run_rung upgrade
	assert_status 0
	assert_errors_contain "contains no statement"
	assert_errors_contain "rung: empty: reason"
}

@test "a file that says it is empty is in order everywhere, until it holds a statement" {
	run_rung create nothing
	sed -i '1i -- rung: empty: number 01 was withdrawn' schema/01_nothing.sql
	sed -i '1i -- rung: empty: nothing to undo' rollback/rollback_01_nothing.sql
	run_rung check --offline
	assert_status 0
	run_rung upgrade
	assert_status 0
	refute_errors_contain warning
	run_rung check
	assert_status 0
	run_rung downgrade --force
	assert_status 0
	refute_errors_contain warning
	echo 'select 1;' >>schema/01_nothing.sql
	assert_refused 2 upgrade
	assert_errors_contain "says that it is empty, but here is a statement"
	assert_errors_match 'schema/01_nothing.sql:[0-9]*:1'
}

@test "numbers that only the history or a rollback holds are taken" {
	migration 01_one <<<'select 1;'
	rollback_of 01_one <<<'select 1;'
	migration 02_two <<<'select 1;'
	rollback_of 02_two <<<'select 1;'
	run_rung upgrade
	rm schema/02_two.sql rollback/rollback_02_two.sql
	run_rung create three
	assert_status 0
	[ -f schema/03_three.sql ]
	echo 'select 1;' >rollback/rollback_05_orphan.sql
	run_rung create six --manual
	assert_status 0
	[ -f schema/06_six.sql ]
}

@test "the number of a file that runs after all others is taken as well" {
	migration 01_a <<<'create table a (id int);'
	migration 02_v <<<$'-- rung: order: last\ncreate view v as select id from a;'
	run_rung create b --manual
	assert_status 0
	assert_equal "$(ls schema)" "$(printf '%s\n' 01_a.sql 02_v.sql 03_b.sql)"
}

@test "of a head that cannot be read no other complaint is made" {
	migration 01_a <<<$'-- rung: order: lst\n-- rung: irreversible: the old values are gone\ncreate table a (id int);'
	run_rung check --offline
	assert_status 3
	assert_output_contains 'the only value is "last"'
	refute_output_contains "has no rollback"
}

@test "inside of a project whose root nothing marks no other one is begun" {
	run_rung create users
	for directory in schema rollback schema/seed; do
		mkdir -p "$directory"
		run_rung create orders -C "$directory"
		assert_status 2
		assert_errors_contain "this directory is inside the project in \"$PROJECT\""
		run_rung check --offline -C "$directory"
		assert_status 2
		assert_errors_contain "The project is in \"$PROJECT\""
	done
	assert_equal "$(find . -name '*.sql' | wc -l)" 2
	bash -c "$(sed -n 's/.*mark it once as the root: \(touch [^ ]*rung.ini\).*/\1/p' <<<"$errors")"
	run_rung create orders -C schema
	assert_status 0
	[ -e schema/02_orders.sql ]
	# A directory of that name that holds something else is no project, and one's own mark comes first.
	mkdir -p other/schema other/inner
	for below in other/inner .; do
		touch "$below/rung.ini"
		run_rung create x -C "$below"
		assert_status 0
	done
}

@test "files of the project above are not taken for those of the directory" {
	migration 01_a <<<"create table a (id int);"
	touch rung.ini
	mkdir -p inner/schema inner/rollback
	for command in "upgrade" "status" "check --offline" "create x"; do
		# shellcheck disable=SC2086 # words
		run_rung $command -C inner
		assert_status 2
		assert_errors_contain "this directory holds migrations of its own, and rung.ini makes \"$PROJECT\" the project"
	done
	assert_sql "select to_regclass('a') is null" t
	RUNG_SCHEMA_DIR=schema run_rung check --offline -C inner
	refute_errors_contain "migrations of its own"
	run_rung config --set files.schema_dir inner/schema
	run_rung check --offline -C inner
	assert_status 0
	# What is there and cannot be read is not passed over for the one above.
	rm -r inner/schema
	ln -s /nonexistent inner/rung.ini
	run_rung status -C inner
	assert_status 2
	assert_errors_contain 'inner/rung.ini": No such file or directory'
	rm inner/rung.ini
	ln -s /nonexistent .env
	run_rung status
	assert_status 2
	assert_errors_contain '.env": No such file or directory'
}

@test "a project without a directory is told what makes it" {
	rmdir schema rollback
	run_rung check --offline
	assert_status 2
	advised 'rung create "first tables"'
	run_rung check --offline
	refute_errors_contain "could not read directory"
}
