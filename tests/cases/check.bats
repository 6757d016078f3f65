# check: one finding a line, exit 3 when there is any.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<'create table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
	migration 02_orders <<<'create table orders (id int primary key);'
	rollback_of 02_orders <<<'drop table orders;'
}

# A repository whose HEAD holds the project as it is now.
commit_project() {
	git init -q .
	git -c user.name=t -c user.email=t@example.org add schema rollback
	git -c user.name=t -c user.email=t@example.org commit -qm "as it is"
}

@test "up to date" {
	run_rung upgrade
	run_rung check
	assert_status 0
	assert_output "up to date"
}

@test "pending, edited and missing migrations" {
	run_rung check
	assert_status 3
	assert_output_contains '01_users: is not applied yet. Apply it with "rung upgrade". [pending]'
	run_rung upgrade
	echo 'create table users (id bigint primary key);' >schema/01_users.sql
	rm schema/02_orders.sql rollback/rollback_02_orders.sql
	run_rung check
	assert_status 3
	assert_output_contains '01_users: was changed after it was applied. In development, run it again with what came after it'
	advised 'rung downgrade base' 2
	assert_output_contains '02_orders: is applied, but its file is missing.'
	assert_errors_contain "2 findings"
	[ "$(wc -l <<<"$output")" -eq 2 ]
	run_rung downgrade base --force
	assert_status 0
	run_rung upgrade
	assert_status 0
}

@test "out of order" {
	run_rung upgrade
	migration 03_late <<<'create table late (id int);'
	rollback_of 03_late <<<'drop table late;'
	migration 05_newer <<<'create table newer (id int);'
	rollback_of 05_newer <<<'drop table newer;'
	rm schema/03_late.sql rollback/rollback_03_late.sql
	run_rung upgrade
	migration 04_early <<<'create table early (id int);'
	rollback_of 04_early <<<'drop table early;'
	run_rung check
	assert_status 3
	assert_output_contains "[out-of-order]"
}

@test "offline looks at files only and needs no server" {
	unset DATABASE_URL
	run_rung check --offline
	assert_status 0
	assert_output "the files are in order"
	run_rung check
	assert_status 2
	assert_errors_contain "no database is named"
}

@test "duplicate numbers, missing pairs and text that cannot be cut" {
	migration 02_twin <<<'select 1;'
	migration 03_alone <<<'select 1;'
	migration 04_open <<<"select 'no end;"
	rollback_of 04_open <<<'select 1;'
	run_rung check --offline
	assert_status 3
	assert_output_contains "[duplicate-number]"
	assert_output_contains "schema/03_alone.sql"
	assert_output_contains "[missing-rollback]"
	assert_output_contains "schema/04_open.sql:1:8"
	assert_output_contains "[bad-sql]"
}

@test "an outdated orchestrator" {
	printf '\\ir 01_users.sql\n' >schema/00_master_schema.sql
	run_rung check --offline
	assert_status 3
	assert_output_contains "[master-outdated]"
}

@test "findings as JSON" {
	run_rung check --json
	assert_status 3
	assert_output_matches '"type":"finding","rule":"pending"'
}

@test "nothing that is merged was touched" {
	commit_project
	migration 03_new <<<'create table new (id int);'
	rollback_of 03_new <<<'drop table new;'
	run_rung check --offline --against HEAD
	assert_status 0
}

@test "changed, deleted, renamed and renumbered since a ref" {
	migration 03_three <<<'create table three (id int);'
	rollback_of 03_three <<<'drop table three;'
	migration 04_four <<<'create table four (id int);'
	rollback_of 04_four <<<'drop table four;'
	commit_project
	echo 'create table users (id bigint primary key);' >schema/01_users.sql
	rm schema/02_orders.sql rollback/rollback_02_orders.sql
	mv schema/03_three.sql schema/03_drei.sql
	mv rollback/rollback_03_three.sql rollback/rollback_03_drei.sql
	mv schema/04_four.sql schema/05_four.sql
	mv rollback/rollback_04_four.sql rollback/rollback_05_four.sql
	run_rung check --offline --against HEAD
	assert_status 3
	assert_output_matches "schema/01_users.sql: .*\\[changed\\]"
	assert_output_matches "schema/02_orders.sql: .*\\[deleted\\]"
	assert_output_matches "schema/03_drei.sql: .*\\[renamed\\]"
	assert_output_matches "schema/05_four.sql: .*\\[renumbered\\]"
}

@test "files that may be applied again may change" {
	printf -- '-- rung: on-change: reapply\ncreate table if not exists users (id int);\n' >schema/01_users.sql
	commit_project
	echo 'alter table users add column if not exists name text;' >>schema/01_users.sql
	run_rung check --offline --against HEAD
	assert_status 0
}

@test "a new file below the newest of the ref" {
	mv schema/02_orders.sql schema/09_orders.sql
	mv rollback/rollback_02_orders.sql rollback/rollback_09_orders.sql
	commit_project
	migration 05_early <<<'create table early (id int);'
	rollback_of 05_early <<<'drop table early;'
	run_rung check --offline --against HEAD
	assert_status 3
	assert_output_matches "schema/05_early.sql: .*\\[too-early\\]"
	run_rung check --offline --against HEAD --out-of-order
	assert_status 0
}

@test "a ref that is not there, a folder without git" {
	run_rung check --offline --against HEAD
	assert_status 2
	commit_project
	run_rung check --offline --against nowhere
	assert_status 2
	assert_errors_contain "nowhere"
	run_rung check --offline --against --output=x
	assert_status 2
}
