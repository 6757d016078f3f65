# The guide of neuralblitz from top to bottom: five migrations with timestamps in their names, and
# nb-migrate, which is a symbolic link.

load ../../lib/rung

setup() {
	rung_setup
	cp -R "$BATS_TEST_DIRNAME"/{schema,rollback,rung.ini,.env} .
	mkdir bin
	ln -s "$RUNG" bin/nb-migrate
	RUNG=$PROJECT/bin/nb-migrate
	# The tool hears of the database by the project's own variable only.
	export NEURALBLITZ_DATABASE_URL=$DATABASE_URL
	export -n DATABASE_URL
}

heads() { sql "select string_agg(version::text, ' ' order by version) from migration_history"; }

# --- the command ---------------------------------------------------------------

@test "nb-migrate speaks its name" {
	run_rung help
	assert_status 0
	assert_output_contains "Usage: nb-migrate [OPTION...] COMMAND"
	run_rung upgrade --help
	assert_output_contains "Usage: nb-migrate upgrade"
	assert_output_contains "nb-migrate upgrade --dry-run"
	assert_output_contains "nb-migrate"
	run_rung upgrade too many words
	assert_status 2
	assert_errors_contain "Usage: nb-migrate upgrade"
	run_rung nonsense
	assert_status 2
	assert_errors_contain '"nb-migrate help" lists the commands'
	run_rung status
	assert_output_contains "Next: nb-migrate upgrade"
	run_rung check
	assert_output_contains '"nb-migrate upgrade"'
	refute_output_contains '"rung '
	local verb
	for verb in create upgrade downgrade current history check test stamp; do
		run_rung "$verb" --help
		assert_status 0
		assert_output_contains "Usage: nb-migrate $verb"
	done
}

@test "NEURALBLITZ_DATABASE_URL names the database, from the environment or .env" {
	run_rung config
	assert_output_matches "NEURALBLITZ_DATABASE_URL"
	run_rung upgrade +1
	assert_status 0
	assert_sql "select to_regclass('users') is not null" t

	echo "NEURALBLITZ_DATABASE_URL=$NEURALBLITZ_DATABASE_URL" >.env
	unset NEURALBLITZ_DATABASE_URL
	run_rung current
	assert_status 0
	assert_output_contains "20260209114500_initial_schema"

	rm .env
	DATABASE_URL="postgresql://nobody@/elsewhere?host=/nowhere" run_rung current
	assert_status 2
	assert_errors_contain "NEURALBLITZ_DATABASE_URL"
}

# --- going up ------------------------------------------------------------------

@test "upgrade --dry-run, to a revision, by one, to the head" {
	run_rung current
	assert_status 0
	assert_refused 0 upgrade --dry-run
	assert_output_matches "20260209114500_initial_schema.*20260209124500_seed_data"
	run_rung upgrade 20260209115200
	assert_status 0
	assert_equal "$(heads)" "20260209114500 20260209115200"
	run_rung upgrade 20260209120500_reality_tables
	assert_status 0
	run_rung upgrade +1
	assert_status 0
	run_rung current
	assert_output_contains "20260209123000_consciousness_tables"
	run_rung upgrade
	assert_status 0
	assert_equal "$(heads)" "20260209114500 20260209115200 20260209120500 20260209123000 20260209124500"
	run_rung upgrade
	assert_status 0
	assert_output_contains "nothing to do"
}

@test "check tells by its exit code whether the database is up to date" {
	run_rung check
	assert_status 3
	run_rung upgrade
	run_rung check
	assert_status 0
	echo "-- edited" >>schema/20260209124500_seed_data.sql
	run_rung check
	assert_status 3
	assert_output_contains "was changed after it was applied"
}

@test "current, history, history --verbose" {
	run_rung upgrade
	run_rung current
	assert_output_contains "20260209124500_seed_data"
	run_rung history
	assert_status 0
	assert_output_matches "initial_schema.*quantum_tables.*reality_tables.*consciousness_tables.*seed_data"
	run_rung history --verbose
	assert_status 0
	assert_output_contains "$(sha256sum <schema/20260209114500_initial_schema.sql | cut -c1-12)"
	assert_output_contains "postgres"
}

@test "migration.log: who, what, how long, outcome" {
	run_rung upgrade +1
	run_rung downgrade --force
	sed -i 's/CREATE TABLE users/CREATE TABEL users/' schema/20260209114500_initial_schema.sql
	run_rung upgrade
	assert_status 1
	local who tab=$'\t'
	who="$(id -un)@$(uname -n)"
	run cat migration.log
	assert_output_matches "$who${tab}upgrade${tab}20260209114500_initial_schema${tab}applied${tab}[0-9.]+ m?s"
	assert_output_matches "$who${tab}downgrade${tab}20260209114500_initial_schema${tab}rolled back${tab}[0-9.]+ m?s"
	assert_output_matches "$who${tab}upgrade${tab}20260209114500_initial_schema${tab}failed${tab}.*syntax error"
}

# --- what the migrations hold --------------------------------------------------

@test "001 and 005: extensions, and passwords that are hashed" {
	run_rung upgrade
	assert_status 0
	assert_sql "select string_agg(extname, ' ' order by extname) from pg_extension where extname <> 'plpgsql'" \
		"pgcrypto uuid-ossp"
	assert_sql "select username, role from users order by 1" $'admin|admin\ndemo|user\nresearcher|researcher'
	assert_sql "select bool_and(password_hash like '\$2a\$06\$%' and length(password_hash) = 60) from users" t
	assert_sql "select password_hash = crypt('change-me-admin', password_hash),
	                   password_hash = crypt('wrong', password_hash) from users where username = 'admin'" "t|f"
	assert_sql "select count(*) from quantum_neurons" 3
	assert_sql "select name, instances, round(coherence::numeric, 2) from v_network_coherence" "demo network|2|0.93"
	run sql "insert into users (username, email, password_hash) values ('x', 'x@y', 'in the clear')"
	assert_status 1
	assert_output_contains "users_password_hash_check"
}

@test "002: every change of a neuron's state is kept, and decoherence cannot be undone" {
	run_rung upgrade
	sql "update quantum_neurons set state = 'superposed' where label = 'alpha';
	     update quantum_neurons set coherence = 0.5 where label = 'alpha';
	     update quantum_neurons set state = 'decohered' where label = 'alpha'"
	assert_sql "select from_state, to_state from quantum_state_changes c
	              join quantum_neurons n on n.id = c.neuron_id where label = 'alpha' order by c.id" \
		$'|initialized\ninitialized|superposed\nsuperposed|decohered'
	run sql "update quantum_neurons set state = 'initialized' where label = 'alpha'"
	assert_status 1
	assert_output_contains "has decohered"
}

partitions() {
	sql "select count(*) from pg_inherits where inhparent = 'consciousness_snapshots'::regclass"
}

@test "004: partitions by time are made ahead and retired" {
	run_rung upgrade
	assert_status 0
	assert_equal "$(partitions)" 5
	assert_sql "select tableoid::regclass::text ~ '^consciousness_snapshots_\d{4}_\d\d$' from consciousness_snapshots" t
	# A month nobody foresaw goes to the default partition, and moves when its own is made.
	sql "insert into consciousness_snapshots (instance_id, level, integration, state_vector, taken_at)
	     select id, 5, 1, '{1}', '2031-05-17' from reality_instances limit 1"
	assert_sql "select tableoid::regclass from consciousness_snapshots where taken_at > '2031-01-01'" \
		consciousness_snapshots_default
	assert_sql "select * from manage_consciousness_partitions(1, '12 months', '2031-05-20')" "2|4"
	assert_sql "select tableoid::regclass from consciousness_snapshots" consciousness_snapshots_2031_05
	assert_equal "$(partitions)" 3
	assert_sql "select * from manage_consciousness_partitions(1, '12 months', '2031-05-20')" "0|0"
	assert_sql "explain (costs off) select * from consciousness_snapshots
	             where taken_at >= '2031-05-02' and taken_at < '2031-05-03'" \
		"$(sql "explain (costs off) select * from consciousness_snapshots_2031_05 consciousness_snapshots
		         where taken_at >= '2031-05-02' and taken_at < '2031-05-03'")"
	run_rung downgrade 20260209120500 --force
	assert_status 0
	assert_sql "select count(*) from pg_class where relname like 'consciousness%'" 0
}

# --- going down ----------------------------------------------------------------

@test "downgrade -1, to a revision, to base; --force where nobody can be asked" {
	run_rung upgrade
	assert_refused 2 downgrade -1
	assert_errors_contain "--force"
	run_rung downgrade -1 --force
	assert_status 0
	run_rung current
	assert_output_contains "20260209123000_consciousness_tables"
	assert_sql "select count(*) from users" 0
	run_rung downgrade 20260209115200 --force
	assert_status 0
	assert_equal "$(heads)" "20260209114500 20260209115200"
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select count(*) from migration_history" 0
	assert_equal "$(dump_of_users)" ""
	run_rung upgrade
	assert_status 0
}

# What is left in the schema that is not the history.
dump_of_users() {
	sql "select relname from pg_class c join pg_namespace n on n.oid = relnamespace
	      where nspname = 'public' and relname not like 'migration_history%'
	     union all select proname from pg_proc where pronamespace = 'public'::regnamespace
	     union all select typname from pg_type where typnamespace = 'public'::regnamespace
	                and typname not like '%migration_history%'
	     union all select extname from pg_extension where extname <> 'plpgsql'"
}

# --- backups -------------------------------------------------------------------

# The guide's backups go to a directory; whoever makes them needs the public halves only.
configure_backups() {
	run_rung keygen --identity-file "$PROJECT/identity.key" --sign-key "$PROJECT/signing.key"
	assert_status 0
	cat >>rung.ini <<-INI

		[backup]
		store = $PROJECT/backups
		recipients = $(grep -o 'age1[a-z0-9]*' <<<"$output" | head -1)
		sign_key = signing.key
		trusted_keys = $(grep -o 'RW[A-Za-z0-9+/]\{54\}' <<<"$output" | head -1)
	INI
}

@test "backup --output DIR, list-backups, restore FILE; upgrade --backup and --no-backup" {
	configure_backups
	run_rung upgrade --no-backup 20260209123000
	assert_status 0
	[ ! -e backups ] || [ -z "$(ls backups)" ]
	run_rung upgrade --backup
	assert_status 0
	assert_sql "select backup is not null from migration_history where version = 20260209124500" t
	run_rung list-backups
	assert_status 0
	assert_output_contains "20260209123000"
	run_rung backup --output "$PROJECT/elsewhere"
	assert_status 0

	sql "delete from quantum_neurons"
	local file
	file=$(find "$PROJECT/elsewhere" -name '*.age' | head -1)
	run_rung restore "$file" --into "${TEST_DATABASE}_restored" --allow-unsigned --identity-file "$PROJECT/identity.key"
	test_databases+=("$(url_of_database "$NEURALBLITZ_DATABASE_URL" "${TEST_DATABASE}_restored")")
	assert_status 0
	assert_equal "$(psql -XAtq -d "${test_databases[-1]}" -c "select count(*) from quantum_neurons")" 3
	run_rung restore latest --swap --force --identity-file "$PROJECT/identity.key"
	assert_status 0
	local kept
	kept=$(sql "select datname from pg_database where datname like '${TEST_DATABASE}_before_%'")
	test_databases+=("$(url_of_database "$NEURALBLITZ_DATABASE_URL" "$kept")")
	run_rung current
	assert_output_contains "20260209123000_consciousness_tables"
}

# --- writing, testing, stamping ------------------------------------------------

@test "create follows the template, the longest slug and the timestamps in use" {
	run_rung upgrade
	run_rung create "Add an index for the neurons that nobody has pruned so far" --manual
	assert_status 0
	local file
	file=$(basename schema/*_add_an_index*.sql .sql)
	[[ $file =~ ^[0-9]{14}_[a-z_]{1,32}$ ]]
	assert_equal "${file%%_*}" "$(sed -n 's/.*\([0-9]\{14\}\).*/\1/p' <<<"$file")"
	[ "${file%%_*}" -gt 20260209124500 ]
	[ -f "rollback/rollback_$file.sql" ]
	run_rung create "second"
	assert_status 0
	[ "$(find schema -name '*_second.sql' | wc -l)" -eq 1 ]

	sed -i 's/^name_template.*/name_template = {number}_nb_{slug}/; s/^slug_length.*/slug_length = 8/' rung.ini
	run_rung create "another long description"
	assert_status 0
	[ "$(find schema -name '*_nb_another.sql' | wc -l)" -eq 1 ]
}

@test "create writes what is missing to the files that describe the schema; --manual does not" {
	run_rung export --from schema --dir desired
	assert_status 0
	printf '\n[create]\ndesired = desired\n' >>rung.ini
	run_rung create "nothing"
	assert_output_contains "nothing to write: the migrations make desired already"
	sed -i '0,/^    /s//    nickname text,\n    /' desired/public/table/users.sql
	run_rung create "nicknames"
	assert_status 0
	assert_equal "$(grep -v '^--' schema/*_nicknames.sql | grep .)" "ALTER TABLE public.users ADD COLUMN nickname text;"
	run_rung create "by hand" --manual
	assert_errors_contain "Next: write SQL into both files"
}

@test "test: the full cycle, on a scratch server and on a server of one's own" {
	run_rung test
	assert_status 0
	assert_output_contains "20260209124500_seed_data"
	database_create "$NEURALBLITZ_DATABASE_URL" "${TEST_DATABASE}_scratch"
	run_rung test --database-url "$(url_of_database "$NEURALBLITZ_DATABASE_URL" "${TEST_DATABASE}_scratch")"
	assert_status 0
	assert_sql "select to_regclass('users') is null" t
}

@test "stamp: a database that has the schema already" {
	for file in schema/*.sql; do psql -Xq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f "$file" >/dev/null; done
	run_rung upgrade
	assert_status 1
	assert_errors_contain "already exists"
	run_rung stamp 20260209123000
	assert_status 0
	run_rung current
	assert_output_contains "20260209123000_consciousness_tables"
	run_rung stamp head
	assert_status 0
	run_rung check
	assert_status 0
	run_rung upgrade
	assert_output_contains "nothing to do"
}
