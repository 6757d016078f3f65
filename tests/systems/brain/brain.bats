# A FastAPI application that came from Alembic: .env with an asyncpg URL, migrations on
# container start, its troubleshooting page, and what it had wished for.

load ../../lib/rung

setup() {
	rung_setup
	rmdir schema rollback
	cp -R "$TESTS/systems/brain/schema" "$TESTS/systems/brain/rollback" "$TESTS/systems/brain/rung.ini" .
	# The file it ships, with the test's server in the place of localhost.
	sed "s|^DATABASE_URL=.*|DATABASE_URL=postgresql+asyncpg://${DATABASE_URL#*://}\&ssl=prefer|" \
		"$TESTS/systems/brain/.env" >.env
}

# The program without a URL in the environment: .env has it.
brain() {
	env -u DATABASE_URL "$RUNG" "$@"
}

run_brain() {
	run --separate-stderr brain "$@"
	errors=$stderr
	last_command="rung $*"
}

# --- every day ---------------------------------------------------------------------

@test ".env with a postgresql+asyncpg URL is all the configuration there is" {
	grep -q '^DATABASE_URL=postgresql+asyncpg://' .env
	run_brain config
	assert_status 0
	assert_output_contains ".env DATABASE_URL"
	run_brain upgrade head
	assert_status 0
	assert_sql "select string_agg(name, ' ' order by version) from schema_version" \
		"001_users_and_notes 002_conversations 003_note_search 004_memory_links 005_reminders"
	run_brain upgrade
	assert_output_contains "nothing to do"
	grep -q 'upgrade.*005_reminders.*applied' migration.log
}

@test "upgrade +1, downgrade -1, upgrade REV, current, history" {
	run_brain upgrade +1
	assert_status 0
	run_brain current
	assert_output_contains 001_users_and_notes
	run_brain upgrade +1
	run_brain current
	assert_output_contains 002_conversations
	run_brain upgrade 004_memory_links
	assert_status 0
	run_brain current
	assert_output_contains 004_memory_links
	run_brain downgrade -1 --force
	assert_status 0
	assert_sql "select to_regclass('note_links') is null, to_regclass('reminders') is null" "t|t"
	run_brain downgrade 1 --force
	run_brain current
	assert_output_contains 001_users_and_notes
	run_brain history
	assert_output_matches '001_users_and_notes +applied'
	assert_output_matches '002_conversations +pending'
	run_brain heads
	assert_output_contains 005_reminders
	run_brain downgrade base --force
	assert_status 0
	assert_equal "$(dump_schema)" ""
}

@test "what the migrations made does what the application expects" {
	run_brain upgrade
	sql "insert into users (id, email, display_name, password_hash)
		values ('00000000-0000-0000-0000-000000000001', 'ada@example.org', 'Ada', crypt('x', gen_salt('bf', 4)))"
	sql "insert into notes (user_id, title, body) values
		('00000000-0000-0000-0000-000000000001', 'Engines', 'analytical'),
		('00000000-0000-0000-0000-000000000001', 'Looms', 'the engines of Jacquard')"
	assert_sql "select title from search_notes('00000000-0000-0000-0000-000000000001', 'engines')" "Engines
Looms"
	sql "insert into conversations (id, user_id) values
		('00000000-0000-0000-0000-00000000000c', '00000000-0000-0000-0000-000000000001')"
	sql "insert into messages (conversation_id, role, content)
		values ('00000000-0000-0000-0000-00000000000c', 'user', 'hello')"
	assert_sql "select last_message_at is not null from conversations" t
	# Down with rows in the tables, and up again.
	run_brain downgrade base --force
	assert_status 0
	run_brain upgrade
	assert_status 0
}

@test "a new revision: create, write, upgrade, downgrade" {
	run_brain upgrade
	run_brain create "add note archive"
	assert_status 0
	[ -f schema/006_add_note_archive.sql ]
	echo 'ALTER TABLE notes ADD COLUMN archived_at timestamptz;' >>schema/006_add_note_archive.sql
	echo 'ALTER TABLE notes DROP COLUMN archived_at;' >>rollback/rollback_006_add_note_archive.sql
	run_brain upgrade
	assert_status 0
	run_brain downgrade --force
	assert_status 0
	run_brain stamp head
	assert_status 0
	run_brain current
	assert_output_contains 006_add_note_archive
}

@test "alembic revision --autogenerate: the models are what migrations lead to" {
	need_python sqlalchemy psycopg2
	cp -R "$TESTS/systems/brain/app" .
	printf '\n[create]\ndesired_command = %s -m app.models\n' "$python" >>rung.ini
	run_brain create "nothing new"
	assert_status 0
	assert_output_contains "nothing to write: the migrations make desired already"
	assert_errors_contain "stays as it is, because the command creates no object of its kind: function (2), trigger (1), check constraint (9)"
	sed -i 's/^    is_pinned = .*/&\n    archived_at = Column(DateTime(timezone=True))/' app/models.py
	run_brain create "add note archive" --server "$(server_url main postgres)"
	assert_status 0
	assert_equal "$(grep -v '^--' schema/006_add_note_archive.sql | grep .)" "ALTER TABLE public.notes ADD COLUMN archived_at timestamp with time zone;"
	run_brain upgrade
	assert_status 0
	run_brain downgrade --force
	assert_status 0
}

# --- container start ------------------------------------------------------------------

# start_container N - the entrypoint with an application that notes what it found.
start_container() {
	env -u DATABASE_URL PATH="${RUNG%/*}:$PATH" "$ROOT/docs/examples/entrypoint.sh" \
		sh -c "echo \"\$0 \$(rung current --quiet --json | jq -r .name)\" >>started" "application-$1" \
		>"container.$1" 2>&1 3>&- 4>&- &
	containers+=($!)
}

all_wait() {
	local i
	for i in 1 2 3 4; do grep -q "waiting for the database" "container.$i" || return 1; done
}

@test "four containers start before the server does; one migrates, all become the application" {
	server_start_own late
	sed -i "s|^DATABASE_URL=.*|DATABASE_URL=postgresql+asyncpg://${DATABASE_URL#*://}|" .env
	server_stop late
	containers=()
	local i pid
	for i in 1 2 3 4; do start_container "$i"; done
	wait_until 20 all_wait
	[ ! -e started ]
	server_start late
	for pid in "${containers[@]}"; do wait "$pid" || fail "a container failed: $(cat container.*)"; done
	assert_equal "$(sort started)" "application-1 005_reminders
application-2 005_reminders
application-3 005_reminders
application-4 005_reminders"
	assert_sql "select version, count(*) from schema_version_log where action = 'apply' group by 1 order by 1" \
		"1|1
2|1
3|1
4|1
5|1"
	assert_sql "select count(*) from schema_version_log where outcome <> 'done'" 0
}

@test "a failed migration ends the container before the application starts" {
	migration 006_broken <<<'ALTER TABLE nots ADD COLUMN x int;'
	containers=()
	start_container 1
	status=0
	wait "${containers[0]}" || status=$?
	assert_status 1
	grep -q 'relation "nots" does not exist' container.1
	[ ! -e started ]
	run_brain current
	assert_output_contains 005_reminders
}

@test "the entrypoint gives up when the server stays away" {
	sed -i "s|^DATABASE_URL=.*|DATABASE_URL=postgresql+asyncpg://brain@/brain?host=$PROJECT|" .env
	containers=()
	WAIT_SECONDS=0 start_container 1
	status=0
	wait "${containers[0]}" || status=$?
	assert_status 4
	grep -q 'No such file or directory' container.1
	[ ! -e started ]
}

# --- troubleshooting -------------------------------------------------------------------

@test "can't locate revision: says which, and the three ways out" {
	run_brain upgrade
	mkdir ../"${PROJECT##*/}.kept"
	mv schema/004_memory_links.sql rollback/rollback_004_memory_links.sql "../${PROJECT##*/}.kept"
	mv schema/005_reminders.sql rollback/rollback_005_reminders.sql "../${PROJECT##*/}.kept"
	run_brain upgrade
	assert_status 3
	assert_errors_contain '"004_memory_links"'
	assert_errors_contain '"005_reminders"'

	# With one file gone the advice names it.
	mv "../${PROJECT##*/}.kept"/*004* .
	mv 004_memory_links.sql schema && mv rollback_004_memory_links.sql rollback
	migration 006_more <<<'CREATE TABLE more (id int);'
	rollback_of 006_more <<<'DROP TABLE more;'
	before=$(database_state)
	run_brain upgrade
	assert_status 3
	assert_errors_contain '"005_reminders"'
	assert_errors_contain "Restore the file from version control"
	assert_errors_contain 'go down below it with "rung downgrade"'
	assert_errors_contain '"rung repair 5 --forget"'
	run_brain check
	assert_status 3
	assert_output_contains 005_reminders
	run_brain status
	assert_output_matches '005_reminders +missing'
	assert_equal "$(database_state)" "$before"

	# The first way: the file comes back, from git or from the branch that has it.
	mv "../${PROJECT##*/}.kept"/005_reminders.sql schema
	run_brain upgrade
	assert_status 0
	run_brain downgrade --force

	# The second: down, with the rollback that the database kept.
	rm schema/005_reminders.sql
	run_brain downgrade 4 --force
	assert_status 0
	assert_sql "select to_regclass('reminders') is null" t
	run_brain upgrade
	assert_status 0
	rm -r "../${PROJECT##*/}.kept"
}

@test "can't locate revision, the third way: the record forgets it" {
	run_brain upgrade
	rm schema/005_reminders.sql rollback/rollback_005_reminders.sql
	run_brain repair 5 --forget
	assert_status 0
	assert_sql "select to_regclass('reminders') is not null, max(version) from schema_version" "t|4"
	run_brain check
	assert_status 0
	run_brain log
	assert_output_matches 'repair .*005_reminders'
}

@test "target database is not up to date: create says so while something is pending" {
	run_brain upgrade +3
	run_brain create "add mood"
	assert_status 0
	assert_errors_contain "target database is not up to date: 2 migrations are pending"
	[ -f schema/006_add_mood.sql ]
	rm schema/006_add_mood.sql rollback/rollback_006_add_mood.sql
	run_brain check
	assert_status 3
	assert_output_contains 004_memory_links
	run_brain upgrade
	run_brain create "add mood"
	assert_status 0
	refute_errors_contain "not up to date"
}

@test "relation already exists: the tables are there, the history is not" {
	local file
	for file in schema/001* schema/002* schema/003*; do psql -Xq -d "$DATABASE_URL" -f "$file"; done
	run_brain upgrade
	assert_status 1
	assert_errors_contain 'relation "users" already exists'
	assert_errors_contain '"rung stamp 1" records it'
	run_brain stamp 3
	assert_status 0
	run_brain upgrade
	assert_status 0
	run_brain check
	assert_status 0
}

# --- the wish list ------------------------------------------------------------------------

@test "wish: migrations are tested in CI" {
	run_brain check --offline
	assert_status 0
	run_brain test
	assert_status 0
	assert_sql "select to_regclass('users') is null" t
	# One that does not undo itself is found before it is merged.
	rm schema/00[234]* rollback/rollback_00[234]*
	echo 'CREATE TABLE left_behind (id int);' >>schema/005_reminders.sql
	run_brain test
	assert_status 3
	assert_output_contains "left_behind"
}

@test "wish: a backup is made before migrations, by itself" {
	run_brain keygen
	printf '\n[backup]\nstore = backups\nrecipients = %s\nrequired = yes\n' \
		"$(grep -o 'age1[a-z0-9]*' backup-identity.key)" >>rung.ini
	run_brain upgrade +2
	assert_status 0
	assert_errors_contain "backed up"
	run_brain upgrade
	assert_status 0
	run_brain list-backups --json
	assert_equal "$(jq -r 'select(.type == "backup") | .kind' <<<"$output")" "pre-migration
pre-migration"
	# Which migration each of them was made for.
	assert_sql "select string_agg(version::text, ',' order by version) from schema_version where backup is not null
		group by backup order by 1" "1,2
3,4,5"
	# Nothing to do, no backup; and none to be had, no upgrade.
	run_brain upgrade
	refute_errors_contain "backed up"
	migration 006_more <<<'CREATE TABLE more (id int);'
	rollback_of 006_more <<<'DROP TABLE more;'
	mv backups elsewhere && touch backups
	run_brain upgrade
	assert_status 5
	assert_sql "select max(version), to_regclass('more') is null from schema_version" "5|t"
}

@test "wish: a dry run shows the plan and touches nothing" {
	run_brain upgrade +2
	before=$(database_state)
	run_brain upgrade --dry-run
	assert_status 0
	assert_output_contains 003_note_search
	assert_output_contains "nothing was changed"
	assert_equal "$(database_state)" "$before"
	run_brain upgrade --sql
	assert_output_contains "CREATE INDEX ix_notes_search"
}

@test "wish: the schema is validated after every migration" {
	printf '[hooks]\nafter_upgrade = %s check --quiet\n' "$RUNG" >>rung.ini
	run_brain upgrade
	assert_status 0
	run_brain check
	assert_status 0
	assert_output_contains "up to date"
	# A partial upgrade is not the head, and the hook says so.
	run_brain downgrade 2 --force
	run_brain upgrade +1
	assert_status 5
	assert_errors_contain "the hook after_upgrade failed"
	assert_errors_contain "done and recorded"
	run_brain current
	assert_output_contains 003_note_search
}
