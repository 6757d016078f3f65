# Whoever owns the database, or the role, decides where names without a schema are looked for: our
# own statements have none.

load ../lib/rung
load ../lib/backup

QUALIFIED=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/qualified

# What a test asks for by itself, or makes, must spring nothing.
peek() { PGOPTIONS='-c search_path=pg_catalog' sql "$@"; }

# hostile_server NAME [--bin DIR] - a server on which every database is made with the traps in "public",
# and whose log has every statement.
hostile_server() {
	local name=$1 database
	server_start_own "$@" log_destination=csvlog logging_collector=on "log_directory='log'" "log_filename='all.log'" \
		log_rotation_age=0 log_rotation_size=0 log_statement=all max_locks_per_transaction=256
	LOG=$RUNG_RUN/$name/data/log/all.csv
	# The catalogs are read by one verb, and their names would be more traps than a restore should have.
	find "$ROOT/src" -name '*.sql' | grep ${PLANT_FOR_CATALOGS:--v} /src/catalog/ | xargs "$QUALIFIED" names | sort -u >names
	for database in template1 postgres; do
		psql -XAtq -v ON_ERROR_STOP=1 -d "$(server_url "$name" "$database")" -f "$TESTS/lib/traps.sql" <names >planted
	done
	echo "# planted: $(paste -sd, planted)" >&3
}

# hostile_database NAME SEARCH_PATH - one of its databases, for a role and a database that look there.
hostile_database() {
	TEST_DATABASE=$1
	DATABASE_URL=$(server_url "$TEST_SERVER" "$1")
	PGOPTIONS='-c search_path=pg_catalog' psql -XAtq -v ON_ERROR_STOP=1 -d "$(server_url "$TEST_SERVER")" \
		-c "create database $1 template template1" -c "alter database $1 set search_path = $2" \
		-c "alter role postgres set search_path = $2"
}

# The traps that were called.
sprung() { grep -oE 'LOG,00000,"?TRAP [a-z]+ [^,"]*' "$LOG" | sed 's/.*TRAP //' | sort | uniq -c; }

assert_none_sprung() {
	assert_equal "$(sprung)" "" "names of ours were found in a stranger's schema"
}

# Everything that the program said to the server, but for what a migration says: that has "not ours" in it.
# Columns of the log: 14 the message, 23 the application's name.
assert_all_qualified() {
	local columns
	case $(peek "show server_version_num") in 12*) columns=23 ;; 13*) columns=24 ;; *) columns=26 ;; esac
	peek "create table public.log ($(seq -f 'c%g pg_catalog.text' -s , "$columns"))" >/dev/null
	PGOPTIONS='-c search_path=pg_catalog' psql -XAtq -d "$DATABASE_URL" -c "\\copy public.log from '$LOG' csv"
	PGOPTIONS='-c search_path=pg_catalog' psql -XAt0q -d "$DATABASE_URL" >records <<-'SQL'
		select distinct regexp_replace(c14, '^(statement|execute [^:]*): ', '') from public.log
		 where c23 like 'rung%' and c14 ~ '^(statement|execute [^:]*): ' and c14 !~ 'not ours'
	SQL
	if ! "$QUALIFIED" records <records >report; then
		fail "a statement without schemas was sent: $(cat report)"
		return 1
	fi
	echo "# $(tail -n 1 report)" >&3
	peek "drop table public.log" >/dev/null
}

# Migrations of all kinds, which name no operator or function by half.
hostile_project() {
	local name
	migration 01_base <<-'SQL'
		create /* not ours */ schema app;
		create /* not ours */ table app.items (id bigint primary key, n integer not null default 0, note pg_catalog.text);
	SQL
	rollback_of 01_base <<<'drop /* not ours */ schema app cascade;'
	migration 02_data <<-'SQL'
		insert /* not ours */ into app.items (id) select g from pg_catalog.generate_series(1, 500) g;
		copy /* not ours */ app.items (id) from stdin;
		1001
		\.
	SQL
	rollback_of 02_data <<<'delete /* not ours */ from app.items;'
	migration 03_index <<<'create index /* not ours */ concurrently items_n on app.items (n);'
	rollback_of 03_index <<<'drop index /* not ours */ concurrently app.items_n;'
	migration 04_batch <<-'SQL'
		-- rung: batch table=app.items key=id size=100
		update /* not ours */ app.items set n = n operator(pg_catalog.+) 1
		 where id operator(pg_catalog.>) :lo and id operator(pg_catalog.<=) :hi;
	SQL
	rollback_of 04_batch <<<'update /* not ours */ app.items set n = 0;'
	migration 05_keys <<-'SQL'
		-- rung: batch table=app.items key=n,id size=100
		update /* not ours */ app.items set note = 'x'
		 where row(n, id) operator(pg_catalog.>) row(:lo_n, :lo_id) and row(n, id) operator(pg_catalog.<=) row(:hi_n, :hi_id);
	SQL
	rollback_of 05_keys <<<'update /* not ours */ app.items set note = null;'
	migration 06_repeat <<-'SQL'
		-- rung: batch repeat
		update /* not ours */ app.items set note = 'y' where ctid operator(pg_catalog.=) any (
		    array(select i.ctid from app.items i where i.note operator(pg_catalog.=) 'x' limit 300));
	SQL
	rollback_of 06_repeat <<<'select /* not ours */ 1;'
	# Temporary tables and types come before those of any schema that is looked in.
	{
		while read -r _ name _; do
			case $name in pg_catalog.*) echo "create temporary table ${name#*.} (/* not ours */ a integer);" ;; esac
		done < <(grep '^relation' names)
		echo 'create domain pg_temp.text as pg_catalog.int4 /* not ours */;'
		echo 'create domain pg_temp.timestamptz as pg_catalog.int4 /* not ours */;'
	} >schema/07_temporary.sql
	rollback_of 07_temporary <<<'select /* not ours */ 1;'
}

upgrades_and_looks() {
	local verb
	hostile_project
	for verb in "" status current history heads log check "upgrade --dry-run"; do
		# shellcheck disable=SC2086 # a verb and its option
		run_rung $verb
		[ "$status" -lt 4 ] || fail "rung $verb"
	done
	run_rung upgrade 03
	assert_status 0
	start_rung upgrade
	run_rung upgrade
	assert_status 0
	finish_rung
	assert_status 0
	assert_equal "$(peek "select n, note, count(*) from app.items group by n, note")" "1|y|501"
	for verb in "" status current "history --verbose" heads "show 04" log "log --verify" "check --offline"; do
		# shellcheck disable=SC2086
		run_rung $verb
		assert_status 0
	done
	run_rung downgrade 02 --force
	assert_status 0
	run_rung upgrade
	assert_status 0
}

# A script for psql finds the same traps.
runs_as_script() {
	DATABASE_URL='' run_rung upgrade 03 --sql
	assert_status 0
	printf '%s\n' "$output" >script.sql
	PGOPTIONS='-c search_path=pg_catalog' psql -XAtq -d "$(server_url "$TEST_SERVER")" -c "create database scripted template template1"
	psql -XAtq -v ON_ERROR_STOP=1 -d "$(server_url "$TEST_SERVER" scripted)" -f script.sql >/dev/null
	PGOPTIONS='-c search_path=pg_catalog' psql -XAtq -d "$(server_url "$TEST_SERVER")" -c "drop database scripted"
}

mends() {
	migration 08_unique <<-'SQL'
		create index /* not ours */ concurrently on app.items (note);
		create unique index /* not ours */ concurrently items_one on app.items (n);
	SQL
	rollback_of 08_unique <<<'drop index /* not ours */ concurrently app.items_one;'
	run_rung upgrade
	assert_status 6
	run_rung status
	run_rung show 08
	assert_status 0
	peek "update app.items set n = id"
	run_rung resume
	assert_status 0
	printf '%s\n' '-- edited' >>schema/02_data.sql
	run_rung upgrade
	assert_status 3
	run_rung repair 02
	assert_status 0
	run_rung stamp 07 --force
	assert_status 0
	run_rung stamp head
	assert_status 0
	migration 09_wrong <<<'select /* not ours */ 1 from app.missing;'
	rollback_of 09_wrong <<<'select /* not ours */ 1;'
	run_rung upgrade
	assert_status 1
	run_rung status
	assert_output_contains "missing"
	migration 09_wrong <<<$'-- rung: on-change: reapply\ncreate schema /* not ours */ if not exists later;'
	run_rung upgrade
	assert_status 0
	printf '%s\n' 'create schema /* not ours, again */ if not exists later;' >>schema/09_wrong.sql
	run_rung upgrade
	assert_status 0
}

# hold STATEMENT - a transaction that has done it, until release.
hold() {
	mkfifo hold
	PGOPTIONS='-c search_path=pg_catalog' PGAPPNAME='the holder' psql -XAtq -d "$DATABASE_URL" <hold >/dev/null 2>&1 3>&- 4>&- &
	exec 9>hold
	echo "begin; $1;" >&9
	peek_until "exists (select from pg_stat_activity where application_name = 'the holder' and state = 'idle in transaction' and query !~ '^begin')"
}
release() {
	echo 'rollback; \q' >&9
	exec 9>&-
	rm hold
}
teardown() {
	exec 9>&-
	rung_teardown
}

# Somebody has the table, rows of it, or the migration lock.
waits() {
	hold 'lock table app.items'
	migration 10_wait <<<'alter table /* not ours */ app.items add column w integer;'
	rollback_of 10_wait <<<'alter table /* not ours */ app.items drop column w;'
	run_rung upgrade --lock-wait 1s
	assert_status 4
	run_rung upgrade --cancel-blockers 100ms --lock-wait 1s
	assert_status 4
	run_rung upgrade --terminate-blockers 100ms
	assert_status 0
	release
	hold 'update app.items set w = 1 where id = 1'
	sed 's/id size/id max-lag=10s size/; s/n = n/w = n/' schema/04_batch.sql >schema/11_rows.sql
	rollback_of 11_rows <<<'select /* not ours */ 1;'
	run_rung upgrade --lock-wait 1s
	assert_status 6
	release
	migration 12_long <<<'select /* not ours */ pg_catalog.pg_sleep(4);'
	rollback_of 12_long <<<'select /* not ours */ 1;'
	start_rung upgrade
	peek_until "exists (select from pg_stat_activity where query ~ 'not ours.*pg_sleep' and application_name ~ '^rung')"
	run_rung upgrade
	assert_status 0
	finish_rung
	assert_status 0
	migration 13_again <<<'reindex /* not ours */ index concurrently app.items_pkey;'
	rollback_of 13_again <<<'reindex /* not ours */ index concurrently app.items_pkey;'
	run_rung upgrade
	assert_status 0
	run_rung downgrade -1 --force
	assert_status 0
}
peek_until() { wait_until 20 is_true_on_peek "$1"; }
is_true_on_peek() { [ "$(peek "select ($1)")" = t ]; }

backs_up() {
	backup_setup
	run_rung check
	run_rung backup --globals
	assert_status 0
	run_rung list-backups
	assert_status 0
	run_rung verify-backup latest
	assert_status 0
	# Elsewhere the private server is of another major, and lacks columns that the planted views name.
	if [ "${1:-}" = same ]; then
		run_rung verify-backup latest --drill
		assert_status 0
	fi
	# A swap is one into another name, and then more; every restore has thousands of traps to bring back.
	if [ -n "${RUNG_TEST_LONG:-}" ]; then
		run_rung restore latest --into restored
		assert_status 0
	fi
	run_rung restore latest --swap --force
	assert_status 0
	run_rung downgrade -1 --force --backup
	assert_status 0
	run_rung prune-backups --keep-last 1
}

# On a server that has the traps in each new database.
tests_small_project() {
	mkdir -p small/schema small/rollback
	cp schema/01_base.sql small/schema
	cp rollback/rollback_01_base.sql small/rollback
	cd small
	run_rung test --server "$DATABASE_URL"
	assert_status 0
	cd ..
}

makes_databases() {
	mkdir -p schema/seed
	printf '%s\n' "insert /* not ours */ into app.items (id) values (77777) on conflict do nothing;" \
		"copy /* not ours */ app.items (id) from stdin;" 77778 '\.' >schema/seed/01_items.sql
	DATABASE_URL=$(server_url "$TEST_SERVER" made) run_rung setup
	assert_status 0
	DATABASE_URL=$(server_url "$TEST_SERVER" made) run_rung reset --force
	assert_status 0
	peek "delete from app.items where id > 70000"
	run_rung seed
	assert_status 0
}

# The histories of others, in one table each.
imports() {
	local own=$PROJECT tool
	mkdir others && cd others
	printf 'create /* not ours */ table a (id integer);\n' >a
	mkdir -p golang-migrate/migrations dbmate/db/migrations goose/migrations flyway/sql tern/migrations sqitch/deploy sqitch/revert alembic
	cp a golang-migrate/migrations/000001_a.up.sql
	echo 'drop table a;' >golang-migrate/migrations/000001_a.down.sql
	printf -- '-- migrate:up\n%s\n-- migrate:down\ndrop table a;\n' "$(cat a)" >dbmate/db/migrations/20240101120000_a.sql
	printf -- '-- +goose Up\n%s\n-- +goose Down\ndrop table a;\n' "$(cat a)" >goose/migrations/00001_a.sql
	cp a flyway/sql/V1__a.sql
	printf '%s\n---- create above / drop below ----\ndrop table a;\n' "$(cat a)" >tern/migrations/001_a.sql
	printf '%%syntax-version=1.0.0\n%%project=flipr\n\na 2024-01-01T12:00:00Z A <a@example.org> # A.\n' >sqitch/sqitch.plan
	cp a sqitch/deploy/a.sql
	echo 'drop table a;' >sqitch/revert/a.sql
	cat >alembic/up.sql <<-'SQL'
		BEGIN;
		CREATE TABLE other.alembic (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
		-- Running upgrade  -> 1975ea83b712
		CREATE TABLE account (id INTEGER NOT NULL);
		INSERT INTO other.alembic (version_num) VALUES ('1975ea83b712') RETURNING other.alembic.version_num;
		COMMIT;
	SQL
	peek "set search_path = public, pg_catalog;
		create schema other; set search_path = other, pg_catalog;
		create table other.golang (version bigint not null primary key, dirty boolean not null);
		insert into other.golang values (1, false);
		create table other.dbmate (version varchar(128) primary key); insert into other.dbmate values ('20240101120000');
		create table other.goose (id serial primary key, version_id bigint not null, is_applied boolean not null, tstamp timestamp);
		insert into other.goose (version_id, is_applied, tstamp) values (0, true, '2024-01-01'), (1, true, '2024-01-02');
		create table other.flyway (installed_rank int primary key, version varchar(50), description varchar(200) not null,
		  type varchar(20) not null, script varchar(1000) not null, checksum int, installed_by varchar(100) not null,
		  installed_on timestamp not null, execution_time int not null, success boolean not null);
		insert into other.flyway values (1, '1', 'a', 'SQL', 'V1__a.sql', null, 'me', '2024-01-01', 5, true);
		create table other.tern (version int4 not null); insert into other.tern values (1);
		create table other.changes (change_id pg_catalog.text primary key, change pg_catalog.text, project pg_catalog.text, committed_at timestamp with time zone);
		insert into other.changes values ('a', 'a', 'flipr', '2024-01-01Z');
		create table other.alembic (version_num varchar(32) not null); insert into other.alembic values ('1975ea83b712')"
	for tool in golang-migrate:golang dbmate:dbmate goose:goose flyway:flyway tern:tern sqitch:changes alembic:alembic; do
		cd "${tool%:*}"
		mkdir -p schema rollback
		run_rung import "${tool%:*}" $([ "${tool%:*}" != alembic ] || echo up.sql) --table "other.${tool#*:}" \
			--history-table "public.history_of_${tool#*:}"
		assert_status 0
		assert_equal "$(peek "select count(*) from public.history_of_${tool#*:}")" 1
		cd ..
	done
	cd "$own"
}

# The table that people write by hand is made wider.
adopts() {
	peek "create table public.by_hand (version integer primary key, description pg_catalog.text, applied_at timestamp with time zone default now());
		insert into public.by_hand values (1, 'base')"
	run_rung status --history-table public.by_hand
	run_rung stamp head --history-table public.by_hand
	assert_status 0
	run_rung log --verify --history-table public.by_hand
	assert_status 0
}

# The traps do work: what psql asks by half a name calls them, and the check of the log sees it.
proves_itself() {
	local kind
	psql -XAtq -d "$DATABASE_URL" -c "select now(), 'x'::text" \
		-c "select from pg_class c where c.relname = 'x'" >/dev/null
	for kind in function operator type relation; do
		[[ $(sprung) = *" $kind "* ]] || fail "no trap of a $kind was called: $(sprung)"
	done
	PGAPPNAME='rung by hand' psql -XAtq -d "$DATABASE_URL" -c "select now()" >/dev/null
	status=0
	run assert_all_qualified
	assert_status 1
}

@test "PostgreSQL as installed: what is planted in a schema before pg_catalog is called by nobody" {
	hostile_server hostile
	hostile_database victim 'public, pg_catalog'
	upgrades_and_looks
	runs_as_script
	makes_databases
	tests_small_project
	mends
	waits
	imports
	adopts
	backs_up same
	assert_none_sprung
	assert_all_qualified
	proves_itself
}

@test "what fits better than pg_catalog's own, and lies behind it in the search path, is called by nobody" {
	long_only
	hostile_server hostile
	hostile_database victim '"$user", public'
	upgrades_and_looks
	mends
	assert_none_sprung
	assert_all_qualified
}

fingerprint_alone() {
	PLANT_FOR_CATALOGS=-e hostile_server "$@"
	hostile_database victim 'public, pg_catalog'
	run_rung fingerprint --objects
	assert_status 0
	assert_none_sprung
	assert_all_qualified
}

@test "nor by the fingerprint" { fingerprint_alone hostile; }

@test "nor by that of the oldest and the newest server" {
	long_only
	local bin major
	for major in 12 18; do
		if ! bin=$(server_other_bindir "$major"); then skip "$bin"; fi
		fingerprint_alone "hostile$major" --bin "$bin"
	done
}

on_another_major() {
	local bin
	if ! bin=$(server_other_bindir "$1"); then skip "$bin"; fi
	hostile_server hostile --bin "$bin"
	hostile_database victim 'public, pg_catalog'
	upgrades_and_looks
	makes_databases
	mends
	waits
	imports
	adopts
	# The clients of the installation dump older servers, not newer ones.
	if [ "$1" -lt "$(server_major)" ]; then backs_up; fi
	assert_none_sprung
	assert_all_qualified
}

@test "the oldest server: nor by what pg_catalog's own functions call" { long_only; on_another_major 12; }
@test "the newest server" { long_only; on_another_major 18; }
