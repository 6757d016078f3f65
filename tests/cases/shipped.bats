# The schema this repository ships: up, up again, by hand, edited in place, extended, down.

load ../lib/rung

setup() {
	rung_setup
	rmdir schema rollback
	cp -R "$ROOT/schema" "$ROOT/rollback" "$ROOT/rung.ini" .
}

@test "upgrade, and upgrade again" {
	run_rung upgrade
	assert_status 0
	assert_equal "$(sql "select count(*) from schema_version")" "$(ls schema/[0-9]*.sql | grep -vc /00_)"
	assert_refused 0 upgrade
	assert_output_contains "nothing to do"
	run_rung check
	assert_status 0
}

@test "by hand with psql, from any directory, leaves the same schema" {
	run_rung upgrade
	OTHER=${TEST_DATABASE}_other
	database_create "$(server_url main)" "$OTHER"
	other_url=$(server_url main "$OTHER")
	cd /
	psql -Xq -1 -d "$other_url" -f "$PROJECT/schema/00_master_schema.sql" >/dev/null 2>&1
	cd "$PROJECT"
	assert_equal "$(dump_schema "$other_url")" "$(dump_schema)"

	DATABASE_URL=$other_url run_rung stamp head
	assert_status 0
	DATABASE_URL=$other_url run_rung upgrade
	assert_output_contains "nothing to do"
}

@test "editing a component runs just that one again" {
	run_rung upgrade
	cat >>schema/01_core_tables.sql <<-SQL

		ALTER TABLE models ADD COLUMN IF NOT EXISTS licence text;
		CREATE INDEX IF NOT EXISTS idx_models_licence ON models (licence) WHERE licence IS NOT NULL;
	SQL
	run_rung status
	assert_output_contains "01_core_tables"
	refute_output_contains "02_tensor_storage"
	run_rung upgrade --json
	assert_status 0
	assert_equal "$(jq -r 'select(.type == "step" and .phase == "done") | "\(.name) \(.action)"' <<<"$output")" \
		"01_core_tables converge"
	assert_sql "select to_regclass('idx_models_licence') is not null" t
	assert_refused 0 upgrade
	run_rung downgrade base --force
	assert_status 0
	assert_equal "$(dump_schema)" ""
}

@test "every component may run again on its own" {
	run_rung upgrade
	local before file
	before=$(dump_schema)
	for file in schema/0[1-9]*.sql; do echo "-- touched" >>"$file"; done
	run_rung upgrade
	assert_status 0
	assert_equal "$(dump_schema)" "$before"
	assert_sql "select count(*) from schema_version_log where action = 'converge'" "$(sql "select count(*) from schema_version")"
}

@test "a new component is a new pair, and the orchestrator knows it" {
	run_rung upgrade
	run_rung create "audit trail" --manual
	assert_status 0
	[ -f schema/06_audit_trail.sql ]
	[ -f rollback/rollback_06_audit_trail.sql ]
	grep -q '^\\ir 06_audit_trail.sql' schema/00_master_schema.sql
	echo 'CREATE TABLE IF NOT EXISTS audit_trail (id bigint PRIMARY KEY);' >>schema/06_audit_trail.sql
	echo 'DROP TABLE IF EXISTS audit_trail;' >>rollback/rollback_06_audit_trail.sql
	run_rung upgrade
	assert_status 0
	assert_sql "select name from schema_version where version = 6" 06_audit_trail
	run_rung check
	assert_status 0
	run_rung downgrade --force
	assert_status 0
	assert_sql "select to_regclass('audit_trail') is null" t
}

@test "down to base leaves nothing, step by step as well" {
	run_rung upgrade
	run_rung downgrade base --force
	assert_status 0
	assert_equal "$(dump_schema)" ""
	run_rung upgrade
	local left
	left=$(sql "select count(*) from schema_version")
	while [ "$left" -gt 0 ]; do
		run_rung downgrade --force
		assert_status 0
		left=$((left - 1))
		assert_sql "select count(*) from schema_version" "$left"
	done
	assert_equal "$(dump_schema)" ""
	run_rung upgrade
	assert_status 0
}

@test "the seeds load twice, and the schema goes down with rows in it" {
	run_rung upgrade
	run_rung seed
	assert_status 0
	local before
	before=$(pg_dump --data-only -T '*.schema_version*' -d "$DATABASE_URL" | sed -e '/^--/d' -e '/^\\[ru]/d')
	run_rung seed
	assert_status 0
	assert_equal "$(pg_dump --data-only -T '*.schema_version*' -d "$DATABASE_URL" | sed -e '/^--/d' -e '/^\\[ru]/d')" "$before"
	assert_sql "select count(*) > 0 from models" t
	run_rung downgrade base --force
	assert_status 0
	assert_equal "$(dump_schema)" ""
}

@test "as a script, and in one transaction" {
	run_rung upgrade
	local before
	before=$(dump_schema)
	run_rung downgrade base --force
	"$RUNG" upgrade --sql --single-transaction >script.sql
	psql -Xq -d "$DATABASE_URL" -f script.sql >/dev/null 2>&1
	assert_equal "$(dump_schema)" "$before"
	run_rung check
	assert_status 0
}
