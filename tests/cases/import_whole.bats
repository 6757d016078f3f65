# import takes nothing over that broke off: every tool's sample is cut at every line and at many bytes,
# and what is left is either refused or makes the same SQL as the whole.

load ../lib/rung
load ../lib/import

# What was imported, without comments: names and statements.
imported() {
	local file
	for file in schema/*.sql rollback/*.sql; do
		if [ -e "$file" ]; then
			echo "$file"
			grep -v -e '^--' -e '^[[:space:]]*$' "$file" || true
		fi
	done
}

# Of the project at hand, by `import_command`.
import_afresh() {
	rm -rf schema rollback
	mkdir schema rollback
	run_rung import "${import_command[@]}"
}

# Where the files of a tool have no mark at their end, one that stops after a whole statement looks
# whole. That is all that may pass, and only below the line that begins its last part.
looks_whole() {
	local last
	[ "$last_part" != closed ] || return 1
	[ "$last_part" = anything ] || grep -q -e "^$last_part" "$1" || return 1
	last=$(grep -v -e '^--' -e '^[[:space:]]*$' "$1" | tail -n 1)
	[ -z "$last" ] || [[ $last == *\; ]]
}

# try_cut FILE WHOLE OPTION N - `head` with that option; counts what became of it.
try_cut() {
	head "$3$4" "$2" >"$1"
	if cmp -s "$1" "$2"; then return 0; fi
	import_afresh
	case $status in
	2)
		refused=$((refused + 1))
		contains "$output $errors" "$1" || fail "$1 cut at $3$4 was refused without a word of it"
		assert_equal "$(imported)" ""
		;;
	0)
		if [ "$(imported)" != "$whole" ]; then
			looks_whole "$1" || fail "$1 cut at $3$4 was taken as whole: $(imported)"
			passed=$((passed + 1))
		fi
		;;
	*) fail "$1 cut at $3$4" ;;
	esac
}

# sweep LAST_PART FILE… -- COMMAND… - LAST_PART: closed, anything, or the line that begins the last part.
sweep() {
	local last_part=$1 file n files=() refused=0 passed=0 whole import_command
	shift
	while [ "$1" != -- ]; do
		files+=("$1")
		shift
	done
	shift
	import_command=("$@")
	import_afresh
	assert_status 0
	whole=$(imported)
	for file in "${files[@]}"; do
		cp "$file" "$BATS_TEST_TMPDIR/whole"
		for ((n = 0; n < $(wc -l <"$file"); n++)); do try_cut "$file" "$BATS_TEST_TMPDIR/whole" -n "$n"; done
		for ((n = 7; n < $(wc -c <"$BATS_TEST_TMPDIR/whole"); n += 29)); do
			try_cut "$file" "$BATS_TEST_TMPDIR/whole" -c "$n"
		done
		cp "$BATS_TEST_TMPDIR/whole" "$file"
	done
	import_afresh
	assert_status 0
	assert_equal "$(imported)" "$whole"
	[ "$refused" -ge $((2 * ${#files[@]})) ] || fail "only $refused cuts were refused"
	[ "$last_part" != closed ] || assert_equal "$passed" 0
}

@test "alembic, cut anywhere" {
	alembic_output
	sweep closed up.sql down.sql -- alembic up.sql down.sql --files-only
}

@test "alembic with a transaction a revision, cut anywhere" {
	alembic_output
	# As transaction_per_migration prints it: COMMIT and BEGIN between two revisions.
	sed -i 's/^-- Running upgrade 1975ea83b712/COMMIT;\n\nBEGIN;\n\n&/' up.sql
	sed -i 's/^-- Running downgrade 1975ea83b712/COMMIT;\n\nBEGIN;\n\n&/' down.sql
	mkdir -p alembic/versions
	echo "revision: str = '1975ea83b712'" >alembic/versions/one.py
	printf "import sqlalchemy\n\nrevision = 'ae1027a6acf'\ndown_revision = '1975ea83b712'\n" >alembic/versions/two.py
	sweep closed up.sql down.sql -- alembic up.sql down.sql --files-only
	rm schema/* rollback/*
	sed -i '/^-- Running upgrade 1975ea83b712/,$d' up.sql
	run_rung import alembic up.sql down.sql --files-only
	assert_status 2
	assert_output_contains 'alembic/versions/two.py: is revision ae1027a6acf, which "up.sql" does not hold'
}

@test "alembic without transactions, cut anywhere" {
	alembic_output
	sed -i '/^BEGIN;$/d; /^COMMIT;$/d' up.sql down.sql
	mkdir -p alembic/versions
	echo "revision = '1975ea83b712'" >alembic/versions/one.py
	echo "revision = 'ae1027a6acf'" >alembic/versions/two.py
	sweep closed up.sql down.sql -- alembic up.sql down.sql --files-only
}

@test "a dump of the schema, cut anywhere" {
	sql "create table a (id int primary key); create function f() returns int language sql as 'select 1'"
	pg_dump --schema-only --no-owner -d "$DATABASE_URL" | grep -v -e '^$' >dump.sql
	sweep closed dump.sql -- alembic dump.sql --files-only
}

@test "golang-migrate, cut anywhere" {
	golang_project
	sweep anything migrations/*.sql -- golang-migrate --files-only
}

@test "dbmate, cut anywhere" {
	dbmate_project
	sweep "-- migrate:down" db/migrations/*.sql -- dbmate --files-only
}

@test "goose, cut anywhere" {
	goose_project
	sweep "-- +goose Down" migrations/*.sql -- goose --files-only
}

@test "tern, cut anywhere" {
	tern_project
	sweep "---- create above / drop below ----" migrations/*.sql -- tern --files-only
}

@test "flyway, cut anywhere" {
	flyway_project
	echo 'executeInTransaction=false' >sql/V2__Add_people.sql.conf
	sweep anything sql/*.sql sql/*.conf -- flyway --files-only
}

@test "flyway with its history, cut anywhere" {
	flyway_project
	printf 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n' >sql/V3__Two.sql
	flyway_applied
	sed -i 's/;$//' sql/V2__Add_people.sql
	sql "update flyway_schema_history set checksum = $(crc sql/V2__Add_people.sql) where version = '2'"
	flyway_row 4 "'3'" SQL V3__Two.sql "Two" "$(crc sql/V3__Two.sql)"
	sweep closed sql/V*.sql -- flyway --history-table public.rung_version
}

@test "sqitch, cut anywhere" {
	sqitch_project
	sweep closed sqitch.plan deploy/*.sql revert/*.sql -- sqitch --files-only
}

@test "sqitch with its history, cut anywhere" {
	sqitch_project
	printf 'CREATE SCHEMA flipr;\nCREATE SCHEMA flopr;\n' >deploy/appschema.sql
	sqitch_applied
	sql "update sqitch.changes set script_hash = '$(sha1sum <deploy/appschema.sql | cut -d' ' -f1)' where change = 'appschema';
	     update sqitch.changes set script_hash = change_id where change = 'users'"
	sweep closed deploy/appschema.sql -- sqitch
}

@test "whatever git has of a file it must still have" {
	golang_project
	git init -q
	git add migrations
	git -c user.name=t -c user.email=t@example.org commit -qm all
	printf 'CREATE TABLE a (id int);\n' >migrations/000004_new.up.sql
	sweep closed migrations/00000[123]*.sql -- golang-migrate --files-only
	rm schema/* rollback/* migrations/000002_add_sessions.*
	run_rung import golang-migrate --files-only
	assert_status 2
	assert_output_contains "migrations/000002_add_sessions.up.sql: is missing, though git has it"
}

@test "what is whole all the same is taken when told so" {
	golang_project
	printf 'create table a (id int);\ncreate table b (id int)' >migrations/000004_half.up.sql
	: >migrations/000004_half.down.sql
	: >migrations/000005_empty.up.sql
	echo '-- nothing' >migrations/000006_comment.up.sql
	run_rung import golang-migrate --files-only
	assert_status 2
	assert_output_contains "migrations/000004_half.up.sql:2: ends in the middle of a statement"
	assert_output_contains "migrations/000004_half.down.sql: is empty"
	assert_output_contains "migrations/000005_empty.up.sql: is empty"
	assert_output_contains "migrations/000006_comment.up.sql: has no statement"
	assert_errors_contain "4 of them: a file may be incomplete"
	assert_errors_contain "--assume-complete"
	run_rung import golang-migrate --files-only --assume-complete
	assert_status 0
	grep -q "^-- rung: irreversible: the down file of golang-migrate has no statement" schema/000004_half.sql
	grep -q "^-- rung: empty: golang-migrate had no statement here" schema/000005_empty.sql
	grep -q "^-- rung: empty: there is nothing to undo" rollback/rollback_000005_empty.sql
	run_rung check --offline
	assert_status 0
	run_rung upgrade
	assert_status 0
	refute_errors_contain warning
	run_rung downgrade -2 --force
	assert_status 0
}

@test "marks of the tools that do not fit together are reported with their line" {
	mkdir migrations
	printf -- '-- +goose Up\n-- +goose StatementBegin\nselect 1;\n-- +goose Down\n' >migrations/1_open.sql
	printf -- '-- +goose Up\nselect 1;\n-- +goose StatementEnd\n-- +goose Down\n' >migrations/2_ends.sql
	printf -- '-- a comment\n\nselect 0;\n-- +goose Up\nselect 1;\n-- +goose Down\n' >migrations/3_above.sql
	printf -- '-- +goose Up\nselect 1;\n' >migrations/4_no_down.sql
	run_rung import goose --files-only
	assert_status 2
	assert_output_contains "1_open.sql:2: begins a statement that never ends"
	assert_output_contains "2_ends.sql:3: ends a statement that did not begin"
	assert_output_contains "3_above.sql:3: has a statement above its first part"
	assert_output_contains '4_no_down.sql:2: ends without "-- +goose Down"'
}

@test "what StatementBegin and StatementEnd hold is one statement without a semicolon too" {
	mkdir migrations
	printf -- '-- +goose Up\n-- +goose StatementBegin\ncreate table a (id int) -- one\n-- +goose StatementEnd\n%s\n' \
		'create table b (id int);' >migrations/1_two.sql
	printf -- '-- +goose Down\n-- +goose StatementBegin\ndrop table a, b\n-- +goose StatementEnd\n' >>migrations/1_two.sql
	run_rung import goose --files-only
	assert_status 0
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from pg_class where relname in ('a', 'b')" 2
	run_rung downgrade --force
	assert_status 0
	assert_sql "select count(*) from pg_class where relname in ('a', 'b')" 0
}

@test "tern: a gap in its numbers is a file that is missing" {
	tern_project
	printf 'create table c (id int);\n---- create above / drop below ----\n' >migrations/004_late.sql
	run_rung import tern --files-only
	assert_status 2
	assert_output_contains "004_late.sql: has no number 3 before it"
}
