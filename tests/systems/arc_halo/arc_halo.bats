# The project of numbered files: components edited in place, a pair for every new one,
# psql by hand, a hand-made history, large tables changed with care, and Neon.

load ../../lib/rung

setup() {
	rung_setup
	rmdir schema rollback
	cp -R "$ROOT/schema" "$ROOT/rollback" .
	cp "$TESTS/systems/arc_halo/rung.ini" "$ROOT/docs/examples/neon-branch.sh" .
	# Its .env, with the test's server in the place of Neon's.
	sed "s|^DATABASE_URL=.*|DATABASE_URL=$DATABASE_URL|" "$TESTS/systems/arc_halo/.env" >.env
	# Neon's command is Neon's: this one notes how it was called.
	mkdir bin
	cat >bin/neonctl <<-SH
		#!/bin/sh
		echo "\$@" >>"$PROJECT/neonctl.calls"
		if [ -e "$PROJECT/neonctl.fails" ]; then echo "ERROR: branch limit reached" >&2; exit 1; fi
		echo "branch created"
	SH
	chmod +x bin/neonctl
	PATH=$PROJECT/bin:$PATH
}

# example NAME - the files of docs/examples/NAME.md: each block names its own in the first line.
example() {
	awk '
		/^```sql$/ { path = ""; block = 1; next }
		/^```/ { block = 0 }
		block == 1 && /^-- (schema|rollback)\/[a-z0-9_]+\.sql$/ { path = $2; block = 2; next }
		block && path { print >path }
	' "$ROOT/docs/examples/$1.md"
}

applied() { jq -r 'select(.type == "step" and .phase == "done") | "\(.name) \(.action)"' <<<"$output"; }

# --- components -----------------------------------------------------------------------

@test "a column and an index added to 01_core_tables.sql: upgrade runs just that file again" {
	run_rung upgrade
	assert_status 0
	# Where a reader of the file would look for them: in the table's own section.
	sed -i "/^-- model_components ---/i\\
ALTER TABLE models ADD COLUMN IF NOT EXISTS licence text;\\
COMMENT ON COLUMN models.licence IS 'Licence the weights are under, as an SPDX identifier';\\
CREATE INDEX IF NOT EXISTS idx_models_licence ON models (licence) WHERE licence IS NOT NULL;\\
" schema/01_core_tables.sql
	run_rung check
	assert_status 3
	assert_output_contains 01_core_tables
	run_rung upgrade --dry-run
	assert_output_matches '01_core_tables +converge'
	run_rung upgrade --json
	assert_status 0
	assert_equal "$(applied)" "01_core_tables converge"
	assert_sql "select to_regclass('idx_models_licence') is not null, count(*) from pg_attribute
		where attrelid = 'models'::regclass and attname = 'licence'" "t|1"
	run_rung check
	assert_status 0
	run_rung upgrade
	assert_output_contains "nothing to do"

	# A new database gets the same from the same files.
	local first
	first=$(dump_schema)
	run_rung downgrade base --force
	assert_status 0
	assert_equal "$(dump_schema)" ""
	run_rung upgrade
	assert_equal "$(dump_schema)" "$first"
}

@test "a new component is a new file and its pair; no workflow and no script names them" {
	run_rung upgrade
	local workflow=$ROOT/.github/workflows/deploy-db-schema.yml commands
	if grep -nE '0[0-9]_[a-z]+' "$workflow" "$ROOT/.github/actions/rung/action.yml" "$ROOT"/scripts/{db,setup_database}.sh; then
		fail "these name a component"
	fi
	run_rung create "model evaluation"
	assert_status 0
	assert_output_contains "updated schema/00_master_schema.sql"
	cat >>schema/06_model_evaluation.sql <<-'SQL'
		CREATE TABLE IF NOT EXISTS model_evaluations (
		    id uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
		    model_id uuid NOT NULL REFERENCES models (id) ON DELETE CASCADE,
		    benchmark text NOT NULL,
		    score double precision NOT NULL,
		    created_at timestamptz NOT NULL DEFAULT now(),
		    CONSTRAINT model_evaluations_model_id_benchmark_key UNIQUE (model_id, benchmark)
		);
		COMMENT ON TABLE model_evaluations IS 'How well a model did, one row for each benchmark';
	SQL
	echo 'DROP TABLE IF EXISTS model_evaluations;' >>rollback/rollback_06_model_evaluation.sql

	# What the workflow runs on a push, as it stands there.
	commands=$(sed -n '/^  deploy:/,$s/^ *run: rung \(.*\)/\1/p' "$workflow")
	[ -n "$commands" ]
	local command
	while read -r command; do
		eval "run_rung $command"
		assert_status 0
	done <<<"$commands"
	assert_sql "select name from schema_version where version = 6" 06_model_evaluation
	run "$ROOT/scripts/db.sh" migrate
	[ "$status" -eq 0 ]
	run_rung downgrade --force
	assert_sql "select to_regclass('model_evaluations') is null" t
}

@test "psql -f schema/00_master_schema.sql by hand leaves the same schema" {
	psql -Xq -1 -d "$DATABASE_URL" -f schema/00_master_schema.sql >/dev/null 2>&1
	local by_hand
	by_hand=$(dump_schema)
	# The files may run where everything is there already; then they are recorded.
	run_rung upgrade
	assert_status 0
	assert_equal "$(dump_schema)" "$by_hand"
	run_rung downgrade base --force
	run_rung upgrade
	assert_equal "$(dump_schema)" "$by_hand"
}

@test "a hand-made schema_version of three columns is adopted, its rows kept" {
	local file
	for file in schema/0[1-3]*.sql; do psql -Xq -d "$DATABASE_URL" -f "$file" >/dev/null 2>&1; done
	sql "create table schema_version (version integer primary key, description text, applied_at timestamptz default now())"
	sql "insert into schema_version values (1, 'Core tables', '2024-01-10 09:00+00'),
		(2, 'Tensor storage', '2024-02-11 09:00+00'), (3, 'Training state', '2024-03-12 09:00+00')"
	run_rung status
	assert_status 0
	assert_output_matches '04_inference_cache +pending'
	run_rung upgrade --json
	assert_status 0
	assert_equal "$(applied)" "04_inference_cache apply
05_cognitive_fusion apply"
	assert_sql "select version, name, description, applied_at::date, checksum is not null from schema_version
		where version <= 3 order by 1" "1|01_core_tables|Core tables|2024-01-10|t
2|02_tensor_storage|Tensor storage|2024-02-11|t
3|03_training_state|Training state|2024-03-12|t"
	run_rung log --verify
	assert_status 0
	run_rung check
	assert_status 0
	# From here on an edited component runs again, adopted or not.
	echo "COMMENT ON TABLE models IS 'Models';" >>schema/01_core_tables.sql
	run_rung upgrade --json
	assert_equal "$(applied)" "01_core_tables converge"
}

# --- worked examples --------------------------------------------------------------------

# metrics ROWS - a session with so many values of two epochs.
metrics() {
	sql "insert into models (id, name, version, architecture)
		values ('00000000-0000-0000-0000-000000000001', 'arc', '1', 'decoder-transformer');
		insert into training_sessions (id, model_id, name, optimizer, learning_rate, batch_size, planned_epochs)
		values ('00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001', 'first', 'adamw', 0.001, 32, 2);
		insert into training_metrics (training_session_id, epoch, metric_type, step, value)
		select '00000000-0000-0000-0000-000000000002', i / ($1 / 2), 'loss', i, 1.0 / (i + 1) from generate_series(0, $1 - 1) as i"
}

# listed PAIR… - the orchestrator's lines for what an example brings.
listed() {
	local file
	for file in schema/0[6-9]*.sql; do echo "\\ir ${file#schema/}" >>schema/00_master_schema.sql; done
}

@test "add a column, then fill it: docs/examples/add-column-then-backfill.md" {
	run_rung upgrade
	metrics 12000
	local before
	before=$(dump_schema)
	example add-column-then-backfill
	sed -n '/^\\set lo/,/^\\set hi/p' "$ROOT/docs/examples/add-column-then-backfill.md" >>schema/00_master_schema.sql
	listed
	run_rung check --offline
	assert_status 0
	run_rung upgrade 6
	assert_status 0
	assert_sql "select count(*) from training_metrics where phase is null" 12000
	# The new release writes while the old rows are filled.
	sql "insert into training_metrics (training_session_id, epoch, metric_type, step, value)
		values ('00000000-0000-0000-0000-000000000002', 1, 'accuracy', 1, 0.5)"
	run_rung upgrade
	assert_status 0
	assert_sql "select phase, count(*) from training_metrics group by 1 order by 1" "main|6001
warmup|6000"
	assert_sql "select attnotnull from pg_attribute where attrelid = 'training_metrics'::regclass and attname = 'phase'" t
	local after
	after=$(dump_schema)
	run_rung downgrade 5 --force
	assert_status 0
	assert_equal "$(dump_schema)" "$before"

	# psql by hand, with the two lines above the file, leaves the same.
	psql -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f schema/00_master_schema.sql >/dev/null 2>&1
	assert_equal "$(dump_schema)" "$after"
	assert_sql "select count(*) from training_metrics where phase is null" 0
}

@test "orphans before a foreign key: docs/examples/orphan-check.md" {
	run_rung upgrade
	local before
	before=$(dump_schema)
	metrics 2
	sql "insert into inference_requests (model_id, client, input)
		select '00000000-0000-0000-0000-000000000001', client, '{}' from unnest(array['web', 'batch', 'batch', 'ghost', null]) as client"
	example orphan-check
	listed
	run_rung upgrade 6
	sql "insert into clients (name, contact) values ('web', 'web@example.org')"
	run_rung upgrade
	assert_status 1
	assert_errors_contain "2 clients of inference_requests are not in clients (23503)"
	assert_errors_contain "Among them: batch, ghost"
	assert_errors_contain "schema/07_request_clients.sql"
	assert_sql "select max(version) from schema_version" 6
	assert_sql "select count(*) from pg_constraint where conname = 'inference_requests_client_fkey'" 0

	sql "insert into clients (name, contact) values ('batch', 'batch@example.org');
		update inference_requests set client = null where client = 'ghost'"
	run_rung upgrade
	assert_status 0
	assert_sql "select convalidated from pg_constraint where conname = 'inference_requests_client_fkey'" t
	run sql "insert into inference_requests (model_id, client, input) values ('00000000-0000-0000-0000-000000000001', 'ghost', '{}')"
	[ "$status" -ne 0 ]
	run_rung downgrade 7 --force
	assert_sql "select convalidated from pg_constraint where conname = 'inference_requests_client_fkey'" f
	run_rung downgrade 5 --force
	assert_status 0
	assert_equal "$(dump_schema)" "$before"
}

@test "copy and swap: docs/examples/copy-and-swap.md" {
	run_rung upgrade
	metrics 12000
	local before
	before=$(dump_schema)
	example copy-and-swap
	listed
	run_rung upgrade 6
	assert_status 0
	# The application goes on: before the copy, and between the copy and the swap.
	sql "update training_metrics set value = 0.25 where step = 3; delete from training_metrics where step = 4;
		insert into training_metrics (training_session_id, epoch, metric_type, step, value)
		values ('00000000-0000-0000-0000-000000000002', 1, 'accuracy', 1, 0.5)"
	# And while it is copied: in another session, a row a transaction.
	sql "select format('update training_metrics set value = %s where step = %s', 1.0 / i, 100 + i * 7) from generate_series(1, 800) as i" |
		sed 's/$/;/' >writes.sql
	sql "select format('delete from training_metrics where step = %s', 101 + i * 7) from generate_series(1, 100) as i" |
		sed 's/$/;/' >>writes.sql
	psql -Xq -d "$DATABASE_URL" -f writes.sql >writes.log 2>&1 3>&- 4>&- &
	run_rung upgrade 7
	assert_status 0
	wait
	assert_equal "$(cat writes.log)" ""
	sql "update training_metrics set value = 0.75 where step = 7; delete from training_metrics where step = 8"
	assert_sql "select count(*) from training_metrics_new" 11899
	run_rung upgrade --dry-run
	assert_output_matches '08_metrics_swap +BREAKING: training_metrics.value is numeric'
	run_rung upgrade 8
	assert_status 0
	assert_sql "select count(*), pg_typeof(min(value)) from training_metrics" "11899|numeric"
	assert_sql "select count(*) from training_metrics as n full join training_metrics_old as o using (id)
		where n.value is distinct from o.value::numeric(38, 12)" 0
	assert_sql "select string_agg(value::real::text, ' ' order by step) from training_metrics where step in (3, 4, 7, 8) and metric_type = 'loss'" "0.25 0.75"
	# The component file still may run again.
	echo "-- touched" >>schema/03_training_state.sql
	run_rung upgrade 8
	assert_status 0

	# Back with what was written since, and there once more.
	sql "update training_metrics set value = 0.125 where step = 9;
		insert into training_metrics (training_session_id, epoch, metric_type, step, value)
		values ('00000000-0000-0000-0000-000000000002', 1, 'accuracy', 2, 0.625)"
	run_rung downgrade 7 --force
	assert_status 0
	assert_sql "select count(*), pg_typeof(min(value)) from training_metrics" "11900|double precision"
	assert_sql "select value from training_metrics where step = 9 and metric_type = 'loss'" 0.125
	run_rung upgrade 8
	assert_status 0
	assert_sql "select count(*) from training_metrics" 11900
	run_rung downgrade 5 --force
	assert_status 0
	assert_equal "$(dump_schema)" "$before"

	run_rung upgrade
	assert_status 0
	assert_sql "select to_regclass('training_metrics_old') is null" t
	run_rung downgrade --force
	assert_status 2
	assert_errors_contain "kept until nobody needed it"
}

# --- Neon ----------------------------------------------------------------------------------

@test "a branch is made before the upgrade, and only when there is something to do" {
	NEON_PROJECT_ID='' run_rung upgrade
	assert_status 0
	assert_equal "$(wc -l <neonctl.calls)" 1
	grep -qE '^branches create --project-id .*--parent main --name before-05_cognitive_fusion-[0-9TZ]+$' neonctl.calls
	run_rung upgrade
	assert_output_contains "nothing to do"
	assert_equal "$(wc -l <neonctl.calls)" 1
}

@test "the hook knows .env; when it fails, nothing is upgraded" {
	run_rung upgrade 2
	grep -q -- '--project-id wandering-sun-654321' neonctl.calls
	touch neonctl.fails
	assert_refused 5 upgrade
	assert_errors_contain "branch limit reached"
	assert_errors_contain "the hook before_upgrade failed with exit code 1"
	run_rung current
	assert_output_contains 02_tensor_storage
	rm neonctl.fails
	run_rung upgrade
	assert_status 0
}

@test "the pooled connection string is recognised, and four deployers at once work through it" {
	local port pid pids=() host=ep-cool-darkness-123456
	port=$(free_port)
	PGBOUNCER_ADDRESS=127.0.0.1 PGBOUNCER_PORT=$port pgbouncer_start
	DATABASE_URL="postgresql://postgres@$host-pooler.eu-central-1.aws.neon.tech:$port/$TEST_DATABASE?hostaddr=127.0.0.1&sslmode=prefer"
	run_rung status
	assert_status 0
	assert_output_contains "$host-pooler"
	for _ in 1 2 3 4; do
		start_rung upgrade
		pids+=("$rung_pid")
	done
	for pid in "${pids[@]}"; do
		finish_rung "$pid"
		assert_status 0
	done
	run_rung check
	assert_status 0
	DATABASE_URL=$DIRECT_URL
	assert_sql "select count(*), count(distinct version) from schema_version_log where action = 'apply' and outcome = 'done'" "5|5"
}

@test "the note names the host past the pooler; with a direct_url there is none" {
	local port url host=ep-cool-darkness-123456
	port=$(free_port)
	PGBOUNCER_ADDRESS=127.0.0.1 PGBOUNCER_PORT=$port pgbouncer_start
	url="postgresql://postgres@$host-pooler.eu-central-1.aws.neon.tech:$port/$TEST_DATABASE?hostaddr=127.0.0.1"
	DATABASE_URL=$url
	run_rung upgrade 4
	assert_status 0
	assert_errors_contain "\"$host-pooler.eu-central-1.aws.neon.tech\" is a pooled connection"
	assert_errors_contain "\"$host.eu-central-1.aws.neon.tech\""

	# What refuses transactions is refused here, and runs past it.
	migration 06_index <<<'CREATE INDEX CONCURRENTLY idx_models_architecture ON models (architecture);'
	rollback_of 06_index <<<'DROP INDEX CONCURRENTLY idx_models_architecture;'
	run_rung upgrade
	assert_status 2
	assert_errors_contain '"06_index" cannot run behind a transaction pooler'
	assert_errors_contain "direct-url"
	echo "DIRECT_URL=$DIRECT_URL" >>.env
	run_rung upgrade
	assert_status 0
	refute_errors_contain "is a pooled connection"
	run_rung check --database-url "$DIRECT_URL"
	assert_output_contains "00_master_schema.sql"
}
