# A server that speaks another language: nothing we do depends on its words.

load ../lib/rung
load ../lib/backup

# translated_server LANGUAGE_COUNTRY - one whose messages are in that language, or a skip.
translated_server() {
	local major catalog locales=$RUNG_RUN/locales
	major=$(server_major)
	catalog=/usr/share/locale/${1%_*}/LC_MESSAGES/postgres-$major.mo
	if [ ! -f "$catalog" ]; then skip "the server's messages are not installed in this language ($catalog)"; fi
	mkdir -p "$locales"
	if [ ! -d "$locales/$1.UTF-8" ]; then
		localedef -i "$1" -f UTF-8 "$locales/$1.UTF-8" >/dev/null 2>&1 || skip "localedef cannot make $1 here"
	fi
	chmod -R a+rX "$locales"
	LOCPATH=$locales server_start_own "$1-$BATS_SUITE_TEST_NUMBER" "lc_messages = '$1.UTF-8'"
}

# elsewhere SQL… - in another database of the server.
elsewhere() {
	local statement
	for statement in "$@"; do
		psql -Xq -v ON_ERROR_STOP=1 -d "$(url_of_database "$DATABASE_URL" postgres)" -c "$statement"
	done
}

# The kind: what is raised for us to read, and what connecting to it fails with, is told apart in any language.
@test "a server that speaks German" {
	translated_server de_DE
	run psql -X -d "$DATABASE_URL" -c "select '»'::int"
	[[ $output == *"ungültige Eingabesyntax"* ]]
	migration 01_prepares <<<"do \$\$ begin execute 'prepare k as select 1'; end \$\$; create table a (n int);"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*) from a" 0
	migration 02_unlocks <<<"do \$\$ begin perform pg_advisory_unlock_all(); end \$\$; create table b (n int);"
	run_rung upgrade
	assert_status 1
	assert_errors_contain '"02_unlocks" released the migration lock'
	rm schema/02_unlocks.sql

	run_rung upgrade --database-url "$(url_of_database "$DATABASE_URL" missing)"
	assert_status 4
	assert_errors_contain 'existiert nicht'
	assert_errors_contain 'setup" creates the database and applies everything'
	refute_errors_contain "3D000"
	refute_errors_contain "LOCATION"
	elsewhere "alter database $TEST_DATABASE allow_connections false"
	run_rung status
	assert_status 4
	assert_errors_contain "ALLOW_CONNECTIONS true"

	elsewhere "alter database $TEST_DATABASE allow_connections true" "create role plain login createdb"
	backup_setup
	run_rung backup
	assert_status 0
	run_rung restore latest --into restored --database-url "${DATABASE_URL/postgres@/plain@}"
	[ "$status" -ne 0 ]
	assert_errors_contain "With --no-owner everything belongs to the role that restores."

	sql "create role somebody" "alter table a owner to somebody"
	pg_dump -d "$DATABASE_URL" >others.sql
	run_rung restore ./others.sql --into restored --allow-unsigned --database-url "${DATABASE_URL/postgres@/plain@}"
	[ "$status" -ne 0 ]
	assert_errors_match 'FEHLER: +[^0-9]'
	assert_errors_contain 'write it with "pg_dump --no-owner", or restore as a role that is'
	refute_errors_contain LOCATION
	refute_errors_contain 42501:
}
