# How migrations are named: alike in every verb.

load ../lib/rung

setup() {
	rung_setup
	migration 01_users <<<$'-- rung: old-id: a1b2c3d4\ncreate table users (id int primary key);'
	rollback_of 01_users <<<'drop table users;'
	migration 02_old_users <<<'create table old_users (id int primary key);'
	rollback_of 02_old_users <<<'drop table old_users;'
	migration 03_sessions <<<'create table sessions (id int primary key);'
	rollback_of 03_sessions <<<'drop table sessions;'
}

applied() { sql "select coalesce(string_agg(version::text, ' ' order by version), '') from schema_version"; }

# The verbs whose operand is a migration, by their usage.
verbs_that_name_one() { "$RUNG" help | sed -nE 's/^  ([a-z-]+) .*(MIGRATION|TARGET).*/\1/p'; }

@test "every verb that names a migration tells several from one, and knows a typing error" {
	run_rung upgrade
	for verb in $(verbs_that_name_one); do
		run_rung "$verb" user </dev/null
		assert_status 2
		assert_errors_contain '"user" matches 2 migrations'
		assert_errors_contain "01_users"
		assert_errors_contain "02_old_users"
		run_rung "$verb" sesions </dev/null
		assert_status 2
		assert_errors_contain 'Did you mean "sessions"?'
	done
	assert_equal "$(verbs_that_name_one | sort | paste -sd' ')" \
		"downgrade log merge renumber repair show stamp upgrade"
	run_rung create x --requires user --manual
	assert_status 2
	assert_errors_contain '"user" matches 2 migrations'
	assert_equal "$(applied)" "1 2 3"
}

@test "a part of a name, a name without its number and an old id are enough" {
	run_rung upgrade a1b2
	assert_status 0
	assert_equal "$(applied)" "1"
	run_rung upgrade old_u
	assert_status 0
	assert_equal "$(applied)" "1 2"
	run_rung upgrade sessions
	assert_status 0
	run_rung downgrade users --force
	assert_status 0
	assert_equal "$(applied)" "1"
	run_rung stamp sess
	assert_status 0
	assert_equal "$(applied)" "1 2 3"
	run_rung show A1B2C3D4
	assert_status 0
	assert_output_matches "File +schema/01_users.sql"
	assert_output_matches "Old id +a1b2c3d4"
	echo '-- edited' >>schema/03_sessions.sql
	run_rung repair sess
	assert_status 0
	assert_output_contains "1 record repaired"
	run_rung create more --requires a1b2,sess --manual
	assert_status 0
	assert_equal "$(head -1 schema/04_more.sql)" "-- rung: requires: 01, 03"
	# What no file holds any more is named as well.
	rm schema/0[34]_* rollback/rollback_0[34]_*
	run_rung show sess
	assert_status 0
	assert_output_matches "State +missing"
	run_rung log --limit 1 sess
	assert_status 0
	assert_output_contains repair
	refute_output_contains "old_users"
	assert_refused 2 log --verify sess
}

@test "check names SQL without a number that no migration includes" {
	echo 'create table forgotten (id int);' >schema/forgotten.sql
	echo 'select 1;' >schema/helper.sql
	echo '\ir helper.sql' >>schema/03_sessions.sql
	run_rung check --offline
	assert_status 3
	assert_output_contains 'schema/forgotten.sql: "schema/forgotten.sql" has no number and is never applied'
	refute_output_contains helper
	# The advice works, both ways.
	mv schema/forgotten.sql schema/04_forgotten.sql
	echo 'drop table forgotten;' >rollback/rollback_04_forgotten.sql
	run_rung check --offline
	assert_status 0
	mv schema/04_forgotten.sql schema/forgotten.sql
	echo '\ir forgotten.sql' >schema/04_forgotten.sql
	run_rung check --offline
	assert_status 0
}
