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
	for bad in "on_change never" "nothing 1" "database.url x"; do
		# shellcheck disable=SC2086 # words
		run_rung config --set $bad
		[ "$status" -eq 2 ] || fail "$bad"
	done
	run_rung config --set backup.required
	assert_status 2
	advised 'rung config --set backup.required no'
	sed -i '/^\[backup\]/,$d' rung.ini
	cmp <(sed '$d' rung.ini) before || cmp rung.ini before
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
