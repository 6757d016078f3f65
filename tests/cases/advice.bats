# What is advised is run as it is printed: each command that a message quotes has its test here, or in the
# case whose subject it is. scripts/check_advice.sh lists the commands in the source and looks for
# advised 'THAT COMMAND' in the cases.

load ../lib/rung

setup() {
	rung_setup
	mkdir bin
	ln -s "$RUNG" bin/rung
	PATH=$PROJECT/bin:$PATH
}

one() {
	migration 01_users <<<'create table users (id int);'
	rollback_of 01_users <<<'drop table users;'
}

two() {
	one
	migration 02_orders <<<'create table orders (id int);'
	rollback_of 02_orders <<<'drop table orders;'
}

# --- pages ------------------------------------------------------------------------

@test "the first steps of the README, as printed" {
	rmdir schema rollback
	unset DATABASE_URL
	sed -n '/^## Your own project, from zero/,/^## /p' "$ROOT/README.md" | sed -n 's/^\$ //p' >steps
	[ "$(wc -l <steps)" -ge 8 ]
	bash -e steps >said 2>&1 || fail "$(cat said)"
	url=$("$RUNG" local url)
	assert_equal "$(psql -XAtq -d "$url" -c "select to_regclass('users')")" users
	! grep -q "without a backup" said || fail "a backup of the private server: $(cat said)"
	"$RUNG" local destroy --force >/dev/null 2>&1
}

@test "what keygen prints for rung.ini, as printed" {
	one
	run_rung keygen
	sed -n '/\[backup\]/,/sign_key/p' <<<"$errors" >rung.ini
	run_rung upgrade
	assert_status 0
	run_rung verify-backup latest
	assert_status 0
	run_rung restore latest --into "${TEST_DATABASE}_back"
	assert_status 0
	test_databases+=("$(url_of_database "$DATABASE_URL" "${TEST_DATABASE}_back")")
	# Beside a store of one's own the block has none.
	printf '[backup]\nstore = elsewhere\n' >rung.ini
	run_rung keygen --sign-key another.key
	refute_errors_contain "store ="
}

@test "the [backup] block of the README and of the help, with keys of keygen" {
	one
	"$RUNG" keygen --json 2>/dev/null >keys
	recipient=$(jq -r 'select(.kind == "identity").public_key' keys)
	trusted=$(jq -r 'select(.kind == "signing").public_key' keys)
	sed -n '/^```ini$/,/^```$/p' "$ROOT/README.md" | sed '/^```/d' >from_readme
	"$RUNG" help backup | sed -n '/^ *\[backup\]$/,/trusted_keys/p' >from_help
	for page in from_readme from_help; do
		sed -e "s/age1\.\.\./$recipient/" -e "s|RW\.\.\.|$trusted|" -e "s|/var/backups/app|$PROJECT/store|" "$page" >rung.ini
		grep -q sign_key rung.ini
		run_rung backup
		assert_status 0
		refute_errors_contain warning
	done
}

@test "going without a backup is said once, and can be answered in rung.ini" {
	two
	run_rung upgrade 01
	advised 'rung help backup'
	advised 'rung config --set backup.required no'
	assert_equal "$(cat rung.ini)" "[backup]
required = no"
	run_rung downgrade --force
	run_rung upgrade +1
	refute_errors_contain "without a backup"
	rm rung.ini
	run_rung upgrade --quiet
	refute_errors_contain "without a backup"
}

@test "config --set writes one value and leaves the rest, and refuses what is none" {
	printf '# ours\n[files]\non_change = error\n' >rung.ini
	run_rung config --set on_change reapply
	assert_status 0
	run_rung config --set database.history_table public.rung_version
	assert_equal "$(cat rung.ini)" "# ours
[files]
on_change = reapply

[database]
history_table = public.rung_version"
	cp rung.ini before
	for bad in "on_change never" "nothing 1" "lock_wait soon" "database.url postgres:/x" "database.url postgres://u:geheim@h/d" \
		"backup.store https://u:geheim@h/"; do
		# shellcheck disable=SC2086 # words
		run_rung config --set $bad
		[ "$status" -eq 2 ] || fail "$bad"
		refute_errors_contain geheim
	done
	cmp rung.ini before
	run_rung config --set backup.required
	assert_status 2
	advised 'rung config --set backup.required no'
	run_rung config --set backup.required ""
	assert_status 0
	run_rung config --unset backup.required
	assert_errors_contain "does not set required"
	sed -i '/^\[backup\]/,$d' rung.ini
	cmp <(sed '$d' rung.ini) before || cmp rung.ini before
}

@test "a URL is written into rung.ini without a password only, and is told where else it goes" {
	url=$DATABASE_URL
	run_rung config --set database.url "host=h password=geheim"
	assert_status 2
	assert_errors_contain "Write the line DATABASE_URL=... into .env"
	[ ! -e rung.ini ]
	run_rung config --set database.url "$url"
	assert_status 0
	assert_errors_contain "no effect while there is environment DATABASE_URL"
	unset DATABASE_URL
	run_rung current
	assert_status 0
	# The default is taken away by nothing, and given back by --unset.
	run_rung config --set lock_wait ""
	assert_equal "$("$RUNG" config lock_wait)" ""
	run_rung config --unset lock_wait
	assert_equal "$("$RUNG" config lock_wait)" 10min
}

@test "what is advised has the options of the command line, and none of their secrets" {
	local url=$DATABASE_URL
	unset DATABASE_URL
	two
	sed -i 's/orders (id int)/orders (id itn)/' schema/02_orders.sql
	mkdir app
	mv schema app/sql
	mv rollback app
	run_rung -C app upgrade --schema-dir sql --history-table public.ladder -d "$url" --lock-wait 3s
	assert_status 1
	sed -i 's/itn/int/' app/sql/02_orders.sql
	advised 'rung -C app --schema-dir sql --history-table public.ladder --database-url % upgrade'
	run_rung status -C app --schema-dir sql --history-table public.ladder -d "$url"
	assert_output_contains "Up to date."
	# Nor are commands advised that would mean another database.
	run_rung status -C app --schema-dir sql -d "$url&password=geheim" --set token=geheim
	assert_output_contains "Next: rung -C app --schema-dir sql upgrade (with the same --database-url and --set)"
	run_rung downgrade 77 -C app --schema-dir sql -d "$url&password=geheim" --set token=geheim
	assert_errors_contain '"rung -C app --schema-dir sql history" (with the same --database-url and --set) lists'
	refute_errors_contain geheim
}

# --- words of other tools -----------------------------------------------------------

# meant WORD COMMAND - the word is answered with that command, also where help is asked for.
meant() {
	run_rung "$1"
	assert_status 2
	assert_errors_contain "there is no command"
	assert_errors_contain "Here that is: $2; it"
	run_rung help "$1"
	assert_errors_contain "Here that is: $2; it"
	run_rung "$1" --help
	assert_errors_contain "Here that is: $2; it"
}

@test "words of other tools are answered with the command that does it here" {
	meant init 'rung create "first tables"'
	advised 'rung create "first tables"'
	rm schema/* rollback/*
	one
	meant baseline 'rung stamp 01'
	advised 'rung stamp 01'
	for word in rollback undo down redo; do meant "$word" 'rung downgrade'; done
	advised 'rung downgrade' 2
	run_rung downgrade --force
	for word in info STATE; do meant "$word" 'rung status'; done
	advised 'rung status'
	meant plan 'rung upgrade --dry-run'
	advised 'rung upgrade --dry-run'
	meant sqlmigrate 'rung upgrade --sql'
	advised 'rung upgrade --sql'
	for word in up apply migrate; do meant "$word" 'rung upgrade'; done
	advised 'rung upgrade'
	meant validate 'rung check'
	advised 'rung check'
	meant list 'rung history'
	advised 'rung history'
	meant clean 'rung reset'
	advised 'rung reset' 2
	advised 'rung downgrade base' 2
	meant branches 'rung heads'
	advised 'rung heads'
	meant dump 'rung backup'
	advised 'rung backup' 2
	meant env 'rung config'
	advised 'rung config'
	meant rebase 'rung renumber'
	advised 'rung renumber'
	for word in new revision; do meant "$word" 'rung create "add users"'; done
	advised 'rung create "add users"'
}

@test "options of other tools are answered with ours, and words without their quotes are understood" {
	one
	while IFS='>' read -r line hint; do
		# shellcheck disable=SC2086 # words
		run_rung $line
		assert_status 2
		assert_errors_contain "$hint"
	done <<-'END'
		upgrade --url x>--database-url URL
		-path x -database y up>--schema-dir DIR
		upgrade -U me>PGUSER
		downgrade --yes>--force
		upgrade --target 4>The target is an argument
		upgrade -v tenant=geheim>"--set tenant=VALUE"
		upgrade -vtenant=geheim>"--set tenant=VALUE"
		show 1 --sql rollback>Did you mean "--sql=rollback"?
		upgrade --sql brief>Did you mean "--sql=brief"?
		upgrade 01 02>Usage: rung upgrade [OPTION...] [TARGET]
		import migrate>Did you mean "golang-migrate"?
	END
	refute_errors_contain geheim
	run_rung create -m "x"
	advised 'rung create "add users"'
	run_rung create add users table
	assert_output_contains schema/03_add_users_table.sql
	run_rung stamp 01
	run_rung upgrade --fake
	advised 'rung stamp 01'
}

@test "the README's way for a database that has its schema already, as printed" {
	sql "create table users (id int primary key);
		create table schema_version (version int primary key, description text, applied_at timestamptz default now());
		insert into schema_version (version, description) values (1, 'first'), (2, 'second')"
	sed -n '/^## Adopt it/,/^## Deploy/p' "$ROOT/README.md" | grep -o '`pg_dump [^`]*`' | tr -d '`' >recipe
	bash -ec "$(cat recipe)"
	! grep -q schema_version schema/01_initial.sql || fail "the history is in the dump"
	sed -i '1i -- rung: irreversible: the first state' schema/01_initial.sql
	run_rung test
	assert_status 0
	run_rung stamp 01
	assert_status 2
	assert_errors_contain "dropping the record of 02"
	run_rung stamp 01 --force
	assert_status 0
	run_rung upgrade
	assert_output_contains "the database is at 01_initial"
	run_rung check
	assert_status 0
}

# --- SQL --------------------------------------------------------------------------

# advised_sql BEGINNING - runs the statement that the last message advises, as a role that may.
advised_sql() {
	local advice
	advice=$(grep -oE "$1.*" <<<"$errors" | head -n 1 | sed -e 's/\.$//' -e 's/; or keep.*//' -e "s/ shows what set it.*//")
	[ -n "$advice" ] || fail "not advised: $1"
	psql -XAtq -v ON_ERROR_STOP=1 -d "$superuser_url" -c "$advice" || fail "does not run: $advice"
}

@test "what a role lacks is named as the SQL that gives it, as printed" {
	superuser_url=$DATABASE_URL
	role="Some role $TEST_DATABASE"
	sql "create role \"$role\" login; revoke create on schema public from public"
	url="postgresql://${role// /%20}@${DATABASE_URL#*@}"
	migration 01_one <<<'select 1;'
	rollback_of 01_one <<<'select 1;'
	DATABASE_URL=$url run_rung upgrade
	assert_status 1
	advised_sql "GRANT USAGE, CREATE ON SCHEMA"
	DATABASE_URL=$url run_rung upgrade --history-table "ops.history"
	assert_status 1
	assert_errors_contain 'schema "ops" does not exist'
	advised_sql "CREATE SCHEMA"
	DATABASE_URL=$url run_rung upgrade --history-table "ops.history"
	assert_status 0
	run_rung upgrade
	for verb in "downgrade --force" upgrade; do
		if [ "$verb" = upgrade ]; then
			sql "grant select on all tables in schema public to \"$role\""
		fi
		# shellcheck disable=SC2086 # words
		DATABASE_URL=$url run_rung $verb
		assert_status 1
		advised_sql "GRANT SELECT, INSERT"
		# shellcheck disable=SC2086 # words
		DATABASE_URL=$url run_rung $verb
		assert_status 0
		sql "revoke all on all tables in schema public from \"$role\""
	done
	PGOPTIONS='-c default_transaction_read_only=on' run_rung downgrade --force
	assert_status 1
	advised_sql "SELECT source, sourcefile FROM pg_settings"
	sql "drop owned by \"$role\" cascade; drop role \"$role\""
}

# --- errors of a file -------------------------------------------------------------

@test "what is there already is advised to be stamped only where nothing ran before" {
	two
	sql "create table users (id int)"
	run_rung upgrade
	assert_status 1
	advised 'rung stamp %'
	run_rung upgrade
	assert_status 0
	migration 03_more <<<'create table more (id int);'
	migration 04_again <<<'create table more (id int);'
	run_rung upgrade
	assert_status 1
	assert_errors_contain 'relation "more" already exists'
	assert_errors_contain "Another file also creates it"
	refute_errors_contain "rung stamp"
}

@test "a CALL and a DO that commit are told of transaction: none, and run so" {
	sql "create procedure p() language plpgsql as 'begin commit; end'"
	for text in "call p();" 'do $$ begin commit; end $$;'; do
		migration 01_x <<<"$text"
		run_rung upgrade
		assert_status 1
		assert_errors_contain '"-- rung: transaction: none" at its top'
		migration 01_x <<<"-- rung: transaction: none"$'\n'"$text"
		run_rung upgrade
		assert_status 0
		run_rung stamp base --force
	done
}

@test "what pg_dump --create writes is named, and works without it" {
	sql "create table users (id int)"
	pg_dump --create --schema-only --no-owner -d "$DATABASE_URL" >schema/01_initial.sql
	run_rung upgrade
	assert_status 2
	assert_errors_contain "pg_dump --create writes that"
	sql "drop table users"
	advised 'rung setup' 2
	sed -i '/^CREATE DATABASE/d; /^ALTER DATABASE/d; /^.connect/d' schema/01_initial.sql
	advised 'rung setup'
}

@test "an error in a DO block is shown at the line that the server names" {
	sql "create function f() returns int language plpgsql as 'begin return 1/0; end'"
	printf '%s\n' 'select 1;' 'do $x$' 'begin' '  perform 1;' '  perform 1/0;' 'end $x$;' >schema/01_x.sql
	run_rung upgrade
	assert_errors_contain "schema/01_x.sql:5:3: error: division by zero"
	printf '%s\n' 'do language plpgsql $$ begin' "  raise notice 'on the way';" '' '	perform f();' 'end $$;' >schema/01_x.sql
	run_rung upgrade
	assert_errors_contain "schema/01_x.sql:4:2: error: division by zero"
	printf '%s\n' 'do $$ begin perform 1/0; end $$;' >schema/01_x.sql
	run_rung upgrade
	assert_errors_contain "schema/01_x.sql:1:4: error: division by zero"
}

@test "what the server skips is news where an edited file is applied again" {
	migration 01_x <<<$'-- rung: on-change: reapply\ncreate table if not exists x (id int);'
	rollback_of 01_x <<<'drop table x;'
	run_rung upgrade
	migration 01_x <<<$'-- rung: on-change: reapply\ncreate table if not exists x (id int, more text);'
	run_rung upgrade
	assert_status 0
	assert_errors_contain '01_x: NOTICE: relation "x" already exists, skipping'
}

# --- other tools' projects ---------------------------------------------------------

@test "a directory that holds another tool's project is told how to take it over" {
	rmdir schema rollback
	mkdir -p db/migrations
	printf -- '-- migrate:up\ncreate table users (id int);\n-- migrate:down\ndrop table users;\n' >db/migrations/01_users.sql
	for way in upgrade status check; do
		run_rung "$way"
		assert_status 2
		assert_errors_contain 'This looks like a project of dbmate: "rung import dbmate"'
	done
	advised 'rung import %'
	run_rung upgrade
	assert_status 0
}

@test "import names, or writes, what rung.ini needs" {
	mkdir -p migrations
	printf 'create table a (id int);\n---- create above / drop below ----\ndrop table a;\n' >migrations/001_a.sql
	sql "create table schema_version (version int4 not null); insert into schema_version values (1); create table a (id int)"
	run_rung upgrade
	assert_status 2
	assert_errors_contain '"rung import tern"'
	run_rung import tern
	assert_status 2
	advised 'rung config --set database.history_table %.rung_version'
	rm rung.ini
	run_rung import tern --history-table public.rung_version
	assert_status 0
	advised 'rung config --set %.% %'
	run_rung upgrade
	assert_status 0
	assert_output_contains "the database is at 001_a"
	rm rung.ini
	run_rung import tern --history-table public.rung_version --write-settings
	assert_status 0
	run_rung check
	assert_status 0
}

# --- what status says --------------------------------------------------------------

# next_is COMMAND [STATUS] - status names it, and it does what it should.
next_is() {
	local command
	run_rung status
	command=$(sed -n 's/^Next: //p' <<<"$output")
	case $command in ${1//%/*}) ;; *) fail "next should be: $1" ;; esac
	run --separate-stderr bash -c "$command" </dev/null
	# shellcheck disable=SC2154 # bats sets it
	errors=$stderr last_command="$command (as status says)"
	assert_status "${2:-0}"
}

# next_is_to TEXT - status says what somebody has to decide on, and names no command for programs.
next_is_to() {
	run_rung status
	assert_equal "$(sed -n 's/^Next: //p' <<<"$output")" "$1"
	run_rung status --json
	assert_output_contains '"next":null'
}

@test "an edited file is put back, run again in development, or accepted, as status says" {
	two
	run_rung repair 02
	assert_status 2
	assert_errors_contain 'cannot repair "02_orders": it is not applied'
	advised 'rung upgrade'
	cp schema/02_orders.sql .home/
	echo 'create table more (id int);' >>schema/02_orders.sql
	echo 'drop table more;' >>rollback/rollback_02_orders.sql
	next_is_to "restore schema/02_orders.sql, or run it again"
	run_rung status
	# Wrapped lines are no commands.
	output=$(tr -s '\n ' ' ' <<<"$output")
	advised 'rung downgrade' 2
	run_rung downgrade --force
	run_rung upgrade
	assert_sql "select to_regclass('more') is not null" t
	run_rung check
	assert_status 0
	echo '-- a comment' >>schema/02_orders.sql
	run_rung upgrade
	assert_status 3
	assert_errors_contain 'error: migration "02_orders" was changed'
	advised 'rung repair %'
	run_rung check
	assert_status 0
	# Not the newest: down to below it, and what came after it with it.
	echo 'create table extra (id int);' >>schema/01_users.sql
	next_is_to "restore schema/01_users.sql, or run it again"
	run_rung upgrade
	assert_errors_contain "run it again with what came after it"
	advised 'rung downgrade base' 2
	run_rung downgrade base --force
	run_rung upgrade
	assert_status 0
	assert_sql "select to_regclass('extra') is not null" t
}

@test "the next step that status names can be taken" {
	next_is 'rung create "first tables"'
	rm schema/* rollback/*
	two
	migration 03_side <<<'-- rung: branch: side
create table side (id int);'
	rollback_of 03_side <<<'drop table side;'
	migration 04_more <<<'create table more (id int);'
	rollback_of 04_more <<<'drop table more;'
	next_is "rung upgrade heads"
	printf '%s\n' '-- rung: branch: side' '-- rung: on-change: reapply' 'create table if not exists side (id int);' >schema/03_side.sql
	next_is "rung upgrade heads"
	echo '-- edited' >>schema/02_orders.sql
	next_is_to "restore schema/02_orders.sql"
	rm schema/02_orders.sql rollback/rollback_02_orders.sql
	next_is_to "restore the file"
	migration 02_other <<<'select 1;'
	next_is_to "give the new file another number, or accept it as the one that was applied"
	rm schema/* rollback/*
	one
	migration 05_plain <<<$'-- rung: transaction: none\ncreate table p (id int);\nselect 1/0;'
	rollback_of 05_plain <<<$'-- rung: transaction: none\ndrop table p;\nselect 1/0;'
	run_rung repair 2 --forget
	run_rung repair 3 --forget
	run_rung repair 4 --forget
	run_rung upgrade
	assert_status 6
	sed -i 's|1/0|1|' schema/05_plain.sql
	next_is "rung resume"
	run_rung downgrade --force
	assert_status 6
	sed -i 's|1/0|1|' rollback/rollback_05_plain.sql
	next_is "rung downgrade" 2
	assert_errors_contain "or --force"
	run_rung downgrade --force
	assert_status 0
	run_rung upgrade
	migration 04_late <<<'select 1;'
	rollback_of 04_late <<<'select 1;'
	next_is "rung renumber"
	next_is "rung upgrade"
	touch schema/06_twin.sql schema/6_twin.sql
	next_is "rung check --offline" 3
}

# --- what does not agree, and what was mistyped -------------------------------------

@test "advice about files and history that do not agree" {
	two
	migration 03_more <<<'create table more (id int);'
	rollback_of 03_more <<<'drop table more;'
	run_rung upgrade
	run_rung upgrade 01
	advised 'rung downgrade %' 2
	run_rung downgrade
	advised 'rung downgrade --dry-run'
	run_rung downgrade -9
	advised 'rung downgrade base' 2
	run_rung downgrade --force
	run_rung downgrade 03
	advised 'rung upgrade %'
	run_rung downgrade +1
	advised 'rung upgrade %' 2 # nothing is left to go up by

	echo '-- edited' >>schema/01_users.sql
	echo '-- edited' >>schema/02_orders.sql
	run_rung upgrade
	advised 'rung status'
	run_rung show 01
	run_rung check
	assert_status 3
	advised 'rung repair %'
	run_rung check
	advised 'rung repair %'
	mv schema/02_orders.sql rollback/rollback_02_orders.sql .home/
	run_rung upgrade
	assert_status 3
	advised 'rung repair % --forget'
	mv .home/02_orders.sql schema/
	mv .home/rollback_02_orders.sql rollback/
	sql 'drop table orders'
	run_rung upgrade
	assert_status 3
	advised 'rung upgrade --out-of-order'

	sql "create function eats() returns trigger language plpgsql as 'begin return null; end';
		create trigger eats before delete on schema_version for each row execute function eats()"
	run_rung downgrade --force
	assert_status 1
	advised 'rung check' 3
	sql "drop trigger eats on schema_version; update schema_version set rollback_sql = 'select 1' where version = 3"
	rm schema/03_more.sql rollback/rollback_03_more.sql
	run_rung downgrade --force
	assert_status 3
	advised 'rung log --verify'
	advised 'rung check' 3
	sql "update schema_version_log set host = 'elsewhere' where id = 1"
	run_rung log --verify
	assert_status 3
	advised 'rung repair --log' 2
	run_rung repair --log --force
	assert_status 0
	run_rung log --verify
	assert_status 0
}

@test "advice about names, options, settings and variables that are none" {
	one
	run_rung upgrade
	run_rung nonsense
	advised 'rung help'
	run_rung status --nonsense
	advised 'rung help%%'
	run_rung help upgrade
	advised 'rung help options'
	run_rung config qqqqqqqq
	advised 'rung config'
	RUNG_BACKUP_NO_SUCH_THING_AT_ALL=1 run_rung backup
	assert_status 2
	advised 'rung help environment'
	printf '[files]\nqqqqqqqqq = 1\n' >rung.ini
	run_rung status
	assert_status 2
	advised 'rung help settings'
	rm rung.ini
	run_rung upgrade nowhere@head
	advised 'rung heads'
	run_rung upgrade 77
	advised 'rung history'
	sed -i '1i -- rung: qqqqqqqq: x' schema/01_users.sql
	run_rung check --offline
	assert_status 3
	advised 'rung help directives'
	run_rung import goose
	assert_status 2
	advised 'rung help import'
	echo 'select 1;' >schema/V2__more.sql
	run_rung check --offline
	advised 'rung import flyway' 2
	chmod 777 .
	run_rung status
	assert_status 2
	advised 'rung config --trust %'
	run_rung status
	refute_errors_contain "--trust"
}

@test "advice where no server or no database is named" {
	unset DATABASE_URL
	run_rung upgrade
	assert_status 2
	advised 'rung local start'
	run_rung upgrade
	advised 'rung local url'
	"$RUNG" local destroy --force >/dev/null 2>&1
}

@test "advice about branches, numbers and unfinished work" {
	two
	migration 03_side <<<'-- rung: branch: side
create table side (id int);'
	rollback_of 03_side <<<'drop table side;'
	migration 04_more <<<'create table more (id int);'
	rollback_of 04_more <<<'drop table more;'
	run_rung upgrade
	assert_status 2
	advised 'rung upgrade %@head'
	advised 'rung upgrade heads'
	advised 'rung merge'
	run_rung create later
	advised 'rung test' 3
	echo 'create table later (id int);' >>schema/06_later.sql
	echo 'drop table later;' >>rollback/rollback_06_later.sql
	run_rung create latest
	echo 'create table latest (id int);' >>schema/07_latest.sql
	echo 'drop table latest;' >>rollback/rollback_07_latest.sql
	advised 'rung test'
	sed 's/table latest/table twin/' schema/07_latest.sql >schema/07_twin.sql
	sed 's/table latest/table twin/' rollback/rollback_07_latest.sql >rollback/rollback_07_twin.sql
	run_rung renumber
	assert_status 2
	advised 'rung renumber %'
	mkdir -p schema/seed
	echo 'insert into nothing values (1);' >schema/seed/01_x.sql
	run_rung setup
	assert_status 1
	echo 'create table if not exists nothing (id int);' >schema/seed/01_x.sql
	advised 'rung seed'
}

@test "advice about backups" {
	one
	run_rung backup --backup-store "$PROJECT/store"
	advised 'rung keygen'
	sed -n '/\[backup\]/,/sign_key/p' < <("$RUNG" keygen --identity-file i --sign-key s 2>&1) >rung.ini
	run_rung upgrade
	run_rung restore 20200101T000000Z-00000000 --into "${TEST_DATABASE}_x"
	advised 'rung list-backups'
	migration 02_bad <<<'select 1/0;'
	run_rung upgrade
	assert_status 1
	advised 'rung restore % --into %%'
	test_databases+=("$(url_of_database "$DATABASE_URL" "${TEST_DATABASE}_restored")")
}

# --- for programs -------------------------------------------------------------------

# has_no_sentence ARGS… - no value of a row is English for people: three small words one after the other. What a
# person wrote into a head, and what the server said, are theirs.
has_no_sentence() {
	run_rung "$@" --json
	found=$(jq -r 'select(.type | IN("error", "text", "warning", "note", "done", "finding", "notice") | not) | to_entries[]
		| select(.key | IN("text", "irreversible", "breaking", "last_failure_error", "error", "sql", "next") | not)
		| select(.value | type == "string" and test("[a-z]+ [a-z]+ [a-z]+|^[a-z]+ [a-z]+$|, "))
		| "\(.key): \(.value)"' <<<"$output")
	[ -z "$found" ] || {
		output=
		fail "$* --json: $found"
	}
}

@test "JSON has no English sentence as a value, and null for what is unknown" {
	two
	migration 03_plain <<<$'-- rung: transaction: none\ncreate table p (id int);\nselect 1/0;\nselect 2;'
	rollback_of 03_plain <<<$'-- rung: transaction: none\ndrop table p;\nselect 1/0;'
	sed -i '1i -- rung: irreversible: nobody knows how' schema/01_users.sql
	rm rollback/rollback_01_users.sql
	run_rung upgrade
	has_no_sentence status
	assert_equal "$(jq -c 'select(.type == "status") | [.half_done, .statements_done, .statements, .last_failure, .last_failure_sqlstate, .unfinished]' \
		<<<"$output")" '["03_plain",1,3,"03_plain","22012",null]'
	for verb in current history heads log check config version "show 1" "show 2" "show 3" "upgrade --dry-run" "list-backups --backup-store $PROJECT/s"; do
		# shellcheck disable=SC2086 # words
		has_no_sentence $verb
	done
	rm schema/03_plain.sql
	has_no_sentence status
	has_no_sentence show 3
	sed -i 's/select/selekt /' schema/02_orders.sql
	echo '\nonsense' >>schema/02_orders.sql
	run_rung show 2 --json
	assert_equal "$(jq -c 'select(.type == "migration") | [.mode, .statements]' <<<"$output")" '[null,null]'
}

@test "the next step where the history holds a number that no migration can have" {
	one
	run_rung upgrade
	sql "insert into schema_version (version, description, name) values (-5, 'x', '-5_x')"
	next_is 'rung repair --forget -- %'
	assert_sql "select count(*) from schema_version" 1
}
