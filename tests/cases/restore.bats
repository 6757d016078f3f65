# restore: names, swapping, and everything that must come back.

load ../lib/rung
load ../lib/backup

setup() {
	mounted=()
	rung_setup
	backup_setup
	fresh_database
	migration 01_users <<<'create table users (id int primary key, name text);'
	rollback_of 01_users <<<'drop table users;'
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
}

teardown() {
	touch "$PROJECT/stop"
	for server in "${test_servers[@]}"; do
		if ((${#mounted[@]})); then server_stop "$server" immediate; fi
	done
	for folder in "${mounted[@]}"; do umount -l "$folder" && rmdir "$folder"; done
	drop_restored
	backup_teardown
	rung_teardown
}

# What swaps of this test's backups left under names that do not begin with the test's.
drop_restored() {
	local manifest
	for manifest in "$STORE"/*/*.json; do
		[ -e "$manifest" ] || continue
		sql "select format('drop database %I', datname) from pg_database where datname like 'restored\\_$(basename "$manifest" .json)%'" |
			while read -r statement; do sql "$statement"; done
	done
}

in_database() { psql -XAtq -v ON_ERROR_STOP=1 -d "$(url_of_database "$DATABASE_URL" "$1")" -c "$2"; }
kept_as() { jq -r 'select(.type == "restore").kept' <<<"$output"; }
databases() { sql "select datname, datallowconn from pg_database order by 1"; }

@test "a swap keeps the old database, and so does a second one of the same backup" {
	sql "insert into users values (1, 'in the backup')"
	run_rung backup
	sql "insert into users values (2, 'after it')"
	run_rung restore latest --swap --force --json
	assert_status 0
	first=$(kept_as)
	assert_sql "select count(*) from users" 1
	assert_equal "$(in_database "$first" 'select count(*) from users')" 2
	sql "insert into users values (3, 'later still'), (4, 'and')"
	run_rung restore latest --swap --force --json
	assert_status 0
	second=$(kept_as)
	assert_equal "$second" "${first}_2"
	assert_sql "select count(*) from users" 1
	assert_equal "$(in_database "$first" 'select count(*) from users')" 2
	assert_equal "$(in_database "$second" 'select count(*) from users')" 3
	assert_sql "select bool_and(datallowconn) from pg_database where datname in ('$first', '$second', current_database())" t
}

@test "names are looked at before anything is fetched" {
	run_rung backup
	rm "$(object_of "$(newest_backup)")"
	long=$(printf 'x%.0s' {1..64})
	sql "create database \"$FRESH\""
	assert_refused 2 restore latest --into "$FRESH"
	assert_errors_contain "a database of that name exists"
	assert_refused 2 restore latest --into "$long"
	assert_errors_contain "63 bytes"
	assert_refused 2 restore latest --into "$TEST_DATABASE" --swap
	sql "create role plain_${TEST_DATABASE} login"
	url=$(sed "s|//[^/@]*@|//plain_${TEST_DATABASE}@|" <<<"$DATABASE_URL")
	run_rung restore latest --swap --force --database-url "$url"
	sql "drop role plain_${TEST_DATABASE}"
	assert_status 2
	assert_errors_contain "may not create databases"
}

# A pg_restore that never fills a database, says so with the file "paused", and ends with the test. Prints its folder.
pausing_pg_restore() {
	local bin=$PROJECT/pausing real
	real=$(server_bindir)
	mkdir -p "$bin"
	ln -sf "$real/psql" "$bin/psql"
	cat >"$bin/pg_restore" <<-EOF
		#!/bin/bash
		case "\$*" in *--dbname=*)
			: >"$PROJECT/paused"
			until [ -e "$PROJECT/stop" ] || [ ! -d "$PROJECT" ]; do sleep 0.05; done
			exit 1
		esac
		exec "$real/pg_restore" "\$@"
	EOF
	chmod 755 "$bin/pg_restore"
	echo "$bin"
}

@test "what a restore that was killed leaves is told from a good one" {
	comment="select shobj_description(oid, 'pg_database') from pg_database where datname = '$FRESH'"
	sql "comment on database \"$TEST_DATABASE\" is 'the one'"
	run_rung backup
	id=$(newest_backup)
	start_rung restore latest --into "$FRESH" --pg-bindir "$(pausing_pg_restore)"
	wait_until 15 test -e "$PROJECT/paused"
	kill -KILL "$rung_pid"
	finish_rung
	touch "$PROJECT/stop"
	assert_sql "$comment" "$(sql "$comment" | grep "^A restore by rung is not finished: backup $id, begun 2")"
	assert_refused 2 restore latest --into "$FRESH"
	assert_errors_contain "a database of that name exists"
	assert_errors_contain "left by a restore that did not finish"
	wait_for "not exists (select from pg_stat_activity where datname = '$FRESH')"
	sql "$(grep -o 'DROP DATABASE .*;' <<<"$errors")"
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_sql "$comment" "the one"
	assert_refused 2 restore latest --into "$FRESH"
	refute_errors_contain "did not finish"
	sql "drop database \"$FRESH\"; "
	sql "comment on database \"$TEST_DATABASE\" is null"
	next_second
	run_rung backup
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_sql "select count(*) from ($comment) c (said) where said is not null" 0
}

@test "a name that is none, and a file that is not there" {
	run_rung backup
	assert_refused 2 restore latest --into ''
	assert_errors_contain "a database without a name"
	run_rung restore nofile.dump --into "$FRESH" --allow-unsigned
	assert_status 5
	assert_errors_contain 'there is no backup "nofile.dump"'
	assert_errors_contain "There is no file of that name either"
}

@test "who may not give things to their owner is told of --no-owner" {
	role=plain_$TEST_DATABASE
	run_rung backup
	sql "create role $role login createdb"
	url=$(sed "s|//[^/@]*@|//$role@|" <<<"$DATABASE_URL")
	run_rung restore latest --into "$FRESH" --database-url "$url"
	refused=$status hint=$errors
	run_rung restore latest --into "$FRESH" --database-url "$url" --no-owner
	owner=$(in_database "$FRESH" "select relowner::regrole::text from pg_class where relname = 'users'")
	sql "drop database if exists \"$FRESH\"; "
	sql "drop role $role"
	assert_status 0
	assert_equal "$owner" "$role"
	[ "$refused" -ne 0 ]
	errors=$hint
	assert_errors_contain "With --no-owner everything belongs to the role that restores."
}

@test "a script is not given what only an archive can be restored with, and who may not set its owners is told" {
	role=plain_$TEST_DATABASE
	pg_dump -d "$DATABASE_URL" >others.sql
	for option in --no-owner --no-acl --skip=extensions --jobs=2; do
		assert_refused 2 restore ./others.sql --into "$FRESH" --allow-unsigned "${option%=*}" $([[ $option != *=* ]] || echo "${option#*=}")
		assert_errors_contain "cannot use ${option%=*} with an SQL script"
	done
	sql "create role $role login createdb"
	url=$(sed "s|//[^/@]*@|//$role@|" <<<"$DATABASE_URL")
	run_rung restore ./others.sql --into "$FRESH" --allow-unsigned --database-url "$url"
	refused=$status hint=$errors
	pg_dump --no-owner -d "$DATABASE_URL" >others.sql
	run_rung restore ./others.sql --into "$FRESH" --allow-unsigned --database-url "$url"
	sql "drop database if exists \"$FRESH\"; "
	sql "drop role $role"
	assert_status 0
	[ "$refused" -ne 0 ]
	errors=$hint
	assert_errors_contain 'write it with "pg_dump --no-owner", or restore as a role that is'
	refute_errors_contain LOCATION
}

@test "where the old database is gone there is nothing to swap with" {
	sql "create database \"$FRESH\""
	run_rung backup --database-url "$FRESH_URL"
	sql "drop database \"$FRESH\""
	run_rung restore latest --swap --force --database-url "$FRESH_URL"
	assert_status 2
	assert_errors_contain "there is no database"
	run_rung restore latest --into "$FRESH" --database-url "$FRESH_URL"
	assert_status 0
}

@test "a swap asks on a terminal, and --force answers" {
	need_terminal
	run_rung backup
	id=$(newest_backup)
	migration 02_orders <<<'create table orders (id int);'
	run_rung upgrade --no-backup
	assert_refused 2 restore "$id" --swap
	assert_errors_contain "swapping \"$TEST_DATABASE\" on this machine out needs a person to confirm it, or --force"
	on_terminal $'n\n' restore "$id" --swap --into "$FRESH"
	assert_equal "$status" 130
	assert_output_contains "Swap in the backup $id, made "
	assert_output_contains " at 01_users, for the database \"$TEST_DATABASE\" on this machine, now at 02_orders?"
	assert_output_contains "It is kept as \"${TEST_DATABASE}_before_$id\", the only one with the rows written since the backup"
	assert_sql "select count(*) from pg_database where datname like '${TEST_DATABASE}\_%'" 0
	on_terminal "" restore "$id" --swap --force
	assert_equal "$status" 0
	assert_sql "select to_regclass('orders') is null" t
	sql "drop database \"${TEST_DATABASE}_before_$id\""
	on_terminal $'y\n' restore "$id" --swap
	assert_equal "$status" 0
}

@test "after a swap one line says where the restored database is, another how to undo it" {
	run_rung backup
	sql "insert into users values (1, 'after it')"
	run_rung restore latest --swap --force --into "$FRESH"
	assert_status 0
	assert_errors_contain "the restored database is \"$TEST_DATABASE\" now, and the one before it is \"${TEST_DATABASE}_before_"
	assert_sql "select count(*) from users" 0
	undoing=$(grep -o 'ALTER DATABASE .*;' <<<"$errors")
	in_database postgres "${undoing%%; *};"
	in_database postgres "${undoing#*; }"
	assert_sql "select count(*) from users" 1
	assert_equal "$(in_database "$FRESH" 'select count(*) from users')" 0
}

@test "clients that come back at once do not get in the way of a swap" {
	sql "insert into users values (1, 'in the backup')"
	run_rung backup
	sql "insert into users values (2, 'after it')"
	for i in 1 2 3; do
		(until [ -e "$PROJECT/stop" ]; do psql -XAtq -d "$DATABASE_URL" -c "select pg_sleep(0.2), '$i'"; done >/dev/null 2>&1) 3>&- 4>&- &
	done
	wait_for "(select count(*) >= 2 from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid())"
	run_rung restore latest --swap --force
	assert_status 0
	touch "$PROJECT/stop"
	assert_sql "select count(*) from users" 1
}

@test "a swap that fails changes nothing and says how to finish it" {
	server_start_own prepared max_prepared_transactions=4
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
	sql "insert into users values (1, 'in the backup')"
	run_rung backup
	id=$(newest_backup)
	sql "begin; insert into users values (2, 'prepared'); prepare transaction 'in the way'"
	run_rung restore latest --swap --force
	assert_status 1
	assert_errors_contain "both are as before"
	assert_errors_contain "kept as \"restored_$id\""
	assert_sql "select count(*) from users" 1
	assert_sql "select count(*) from pg_database where datname like '%before%' or not datallowconn and datname <> 'template0'" 0
	assert_equal "$(in_database "restored_$id" 'select count(*) from users')" 1
	sql "commit prepared 'in the way'"
	# As the error said.
	by_hand=$(grep -o 'ALTER DATABASE .*;' <<<"$errors")
	in_database postgres "$(sed 's/; /;\n/' <<<"$by_hand" | head -1)"
	in_database postgres "$(sed 's/; /;\n/' <<<"$by_hand" | tail -1)"
	assert_sql "select count(*) from users" 1
}

# --- what comes back ----------------------------------------------------------

# Everything that can be said of the database, under the name $1.
everything_of() {
	dump_schema "$(url_of_database "$DATABASE_URL" "$1")"
	row_counts "$(url_of_database "$DATABASE_URL" "$1")"
	sequence_positions "$(url_of_database "$DATABASE_URL" "$1")"
	database_settings "$1"
}

database_zoo() {
	schema_zoo
	sql "alter database \"$TEST_DATABASE\" set search_path to \"\$user\", public, \"Odd \"\"Name\"\"\""
	sql "alter database \"$TEST_DATABASE\" set work_mem to '5MB'"
	sql "alter database \"$TEST_DATABASE\" set rung.zoo to 'it''s \"odd\"'"
	sql "alter role current_user in database \"$TEST_DATABASE\" set statement_timeout to '7s'"
	sql "alter database \"$TEST_DATABASE\" connection limit 42"
	sql "comment on database \"$TEST_DATABASE\" is E'it''s\n„the one“'"
	sql "revoke connect on database \"$TEST_DATABASE\" from public"
	sql "grant connect, create on database \"$TEST_DATABASE\" to pg_monitor with grant option"
}

@test "tables without rows are those that pg_dump leaves out, however their names are written" {
	local pattern table kept='"Odd.Two".kept public.other_a public.loud public."MARK_1" public.kept'
	local empty='public.low_a public.quoted_a public.star_a public.star_b "Odd.One"."any" "Odd.Two"."Log$1" public.set_a public.set_b
		public.one_a public.one_b public.mark_1'
	local patterns=()
	sql 'create schema "Odd.One"; create schema "Odd.Two"'
	for table in $empty $kept; do sql "create table $table as select 1 as id"; done
	for pattern in LOW_A '"quoted_a"' 'public.star_*' '"Odd.One".*' '"Odd.Two"."Log$1"' 'set_[ab]' 'one_a|one_b' 'MARK_?' '"LOUD"'; do
		patterns+=(--exclude-table-data "$pattern")
	done
	run_rung backup "${patterns[@]}"
	assert_status 0
	run_rung restore latest --into "$FRESH"
	assert_status 0
	for table in $empty; do assert_equal "$(in_database "$FRESH" "select count(*) from $table")" 0 "rows of $table"; done
	for table in $kept; do assert_equal "$(in_database "$FRESH" "select count(*) from $table")" 1 "rows of $table"; done
	run_rung backup --exclude-table-data '*'
	assert_status 2
	assert_errors_contain 'cannot leave out the rows of "public.schema_version": they are the history of migrations'
}

# Anyone who owns a database chooses its settings, and somebody with more rights restores it.
@test "what a setting holds cannot become a statement" {
	local owner="owner_$FRESH"
	sql "create role \"$owner\""
	sql "select set_config('search_path', 'public;ALTER/**/ROLE/**/\"$owner\"/**/SUPERUSER', false); alter database \"$TEST_DATABASE\" set search_path from current" >/dev/null
	sql "select set_config('temp_tablespaces', '', false); alter database \"$TEST_DATABASE\" set temp_tablespaces from current" >/dev/null
	before=$(database_settings "$TEST_DATABASE")
	run_rung backup
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_equal "$(sql "select rolsuper from pg_roles where rolname = '$owner'")" f
	sql "drop role \"$owner\""
	grep -qF 'ALTER/**/ROLE' <<<"$(database_settings "$FRESH")"
}

@test "a database with a bit of everything comes back as it was, in a new database and swapped in" {
	database_zoo
	before=$(everything_of "$TEST_DATABASE")
	run_rung backup
	assert_status 0
	run_rung restore latest --into "$FRESH" --json
	assert_status 0
	assert_equal "$(jq -r 'select(.type == "restore").catalog' <<<"$output")" equal
	assert_equal "$(everything_of "$FRESH")" "$before"
	sql "drop table parent cascade; alter database \"$TEST_DATABASE\" connection limit 7"
	run_rung restore latest --swap --force
	assert_status 0
	assert_equal "$(everything_of "$TEST_DATABASE")" "$before"
}

@test "tablespaces: a database's own comes back, a missing one is reported" {
	mkdir -p "$RUNG_RUN/spaces/one"
	chmod 777 "$RUNG_RUN/spaces"
	server_start_own spaced
	chown "$(stat -c %U "$RUNG_RUN/spaced")" "$RUNG_RUN/spaces/one"
	sql "create tablespace one location '$RUNG_RUN/spaces/one'"
	sql "create database \"$FRESH\" template template0 tablespace one"
	FRESH_URL=$(url_of_database "$DATABASE_URL" "$FRESH")
	psql -XAtq -d "$FRESH_URL" -c "create table there (id int) tablespace pg_default; create table here as select 1 as id"
	run_rung backup --database-url "$FRESH_URL"
	run_rung restore latest --database-url "$FRESH_URL" --swap --force
	assert_status 0
	assert_sql "select spcname from pg_database d join pg_tablespace t on t.oid = dattablespace where datname = '$FRESH'" one
	sql "select format('drop database %I', datname) from pg_database where datname like '$FRESH%'" | while read -r drop; do sql "$drop"; done
	sql "drop tablespace one"
	run_rung restore latest --database-url "$FRESH_URL" --into "$FRESH"
	rm -rf "$RUNG_RUN/spaces"
	assert_status 0
	assert_errors_contain "lacks the tablespaces \"one\""
	assert_equal "$(in_database "$FRESH" 'select count(*) from here')" 1
}

# A pg_dump that leaves something out; prints its folder.
forgetful_pg_dump() {
	local bin=$PROJECT/forgetful
	mkdir -p "$bin"
	ln -sf "$(server_bindir)/pg_restore" "$bin/pg_restore"
	ln -sf "$(server_bindir)/psql" "$bin/psql"
	printf '#!/bin/sh\nexec "%s/pg_dump" "$@" --exclude-table=happy\n' "$(server_bindir)" >"$bin/pg_dump"
	chmod 755 "$bin/pg_dump"
	echo "$bin"
}

@test "a drill compares rows and catalogs, with what PostgreSQL prints differently the second time" {
	schema_zoo
	sql "create table letters (kind varchar(9) check (kind in ('a', 'b')))"
	run_rung backup
	run_rung verify-backup latest --drill
	assert_status 0
	assert_output_contains "restored and compared; restoring took"
	run_rung backup --pg-bindir "$(forgetful_pg_dump)"
	assert_status 0
	run_rung verify-backup latest --drill
	assert_status 5
	assert_errors_contain "views: 2 recorded, 1 found"
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_errors_contain "views: 2 recorded, 1 found"
}

@test "missing roles are named with the SQL that makes them, or made as they were" {
	role="r ${TEST_DATABASE}"
	group=g_$TEST_DATABASE
	sql "create role \"$group\""
	sql "create role \"$role\" login createdb connection limit 3 password 'hush-hush' in role \"$group\""
	sql "alter table users owner to \"$role\"; grant select on users to \"$group\""
	run_rung backup
	plain=$(newest_backup)
	sleepless=$(date +%s)
	wait_until 3 later_than "$sleepless"
	run_rung backup --globals
	known=$(newest_backup)
	age -d -i "$IDENTITY" "$(object_of "$known")" >opened
	grep -qa "CREATE ROLE" opened
	[ "$(grep -caE 'SCRAM-SHA|hush-hush' opened)" = 0 ] || fail "a password is in the backup"
	sql "alter table users owner to current_user; drop owned by \"$role\", \"$group\"; drop role \"$role\", \"$group\""
	assert_refused 5 restore "$plain" --into "$FRESH"
	assert_errors_contain "CREATE ROLE \"$role\";"
	assert_refused 2 restore "$plain" --into "$FRESH" --globals
	assert_refused 5 restore "$known" --into "$FRESH"
	assert_errors_match "ALTER ROLE \"$role\" WITH [A-Z ]*CREATEDB"
	assert_sql "select count(*) from pg_database where datname = '$FRESH'" 0
	run_rung restore "$known" --into "$FRESH" --globals
	created=$(sql "select rolcreatedb, rolconnlimit, pg_has_role(oid, '$group', 'MEMBER') from pg_roles where rolname = '$role'")
	owner=$(in_database "$FRESH" "select relowner::regrole::text from pg_class where relname = 'users'")
	sql "drop database if exists \"$FRESH\"; "
	sql "drop role if exists \"$role\""
	sql "drop role if exists \"$group\""
	assert_status 0
	assert_equal "$created" "t|3|t"
	assert_equal "$owner" "\"$role\""
}

later_than() { [ "$(date +%s)" -gt "$1" ]; }

# A copy of the installed PostgreSQL with extensions of its own: the server looks for them beside itself.
# Prints its bin folder; its user must be able to read it.
movable_postgres() {
	local bin share home=$RUNG_RUN/movable
	bin=$(server_bindir)
	share=$("$bin/pg_config" --sharedir 2>/dev/null || pg_config --sharedir)
	case $share in "" | /) return 1 ;; esac
	mkdir -p "$home$bin" "$home$share"
	cp "$bin"/{postgres,initdb,pg_ctl} "$home$bin/"
	for program in psql pg_dump pg_restore; do ln -s "$bin/$program" "$home$bin/"; done
	cp -r "$share/." "$home$share/"
	ln -s "$(dirname "$bin")/lib" "$home$(dirname "$bin")/lib"
	chmod -R a+rX "$home"
	echo "$home$bin"
}

@test "an extension that the server lacks is named before anything is made" {
	command -v pg_config >/dev/null || skip "pg_config is not installed"
	bin=$(movable_postgres) || skip "this PostgreSQL cannot be copied"
	server_start_own movable_server --bin "$bin"
	control=$(find "$RUNG_RUN/movable" -name 'pg_trgm.control')
	[ -n "$control" ] || skip "the copied server has no extensions of its own"
	sql "create extension pg_trgm"
	run_rung backup
	assert_status 0
	rm "$control"
	before=$(databases)
	run_rung restore latest --into "$FRESH"
	rm -rf "$RUNG_RUN/movable"
	assert_status 5
	assert_errors_contain "the server lacks extensions that the backup needs: \"pg_trgm\""
	assert_errors_contain "No database was created or changed"
	assert_equal "$(databases)" "$before"
}

# fingerprint_of_zoo MAJOR
fingerprint_of_zoo() {
	server_start_other "$1"
	schema_zoo
	{ echo "set search_path = '';" && cat "$ROOT/src/backup/summary/summary_catalog.sql"; } |
		psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" >kinds
	[ "$(wc -l <kinds)" -ge 18 ] || fail "kinds are missing: $(cat kinds)"
	{ cat "$ROOT"/src/backup/summary/summary_{database,roles,tablespaces}.sql | sed 's/^select /;&/; s/^ order by 1$/&;/'; } |
		psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" >/dev/null
}

@test "facts can be gathered from the oldest server" { fingerprint_of_zoo 12; }
@test "facts can be gathered from the newest server" { fingerprint_of_zoo 18; }

# --- files --------------------------------------------------------------------

@test "a file does not take the place of the word it is named like" {
	run_rung backup
	id=$(newest_backup)
	for word in latest "$id" "${id%-*}"; do
		: >"$word"
		run_rung restore "$word" --into "$FRESH" --json
		assert_status 0
		assert_equal "$(jq -r 'select(.type == "restore").id' <<<"$output")" "$id"
		sql "drop database \"$FRESH\""
		run_rung restore "./$word" --into "$FRESH" --allow-unsigned
		[ "$status" -ne 0 ]
		rm "$word"
	done
}

@test "a file with its manifest and signature in the same directory is trusted like one in the store" {
	run_rung backup
	id=$(newest_backup)
	mkdir usb
	cp "$STORE"/*/"$id"* usb/
	file=usb/$id.dump.zst.age
	rm -rf "$STORE"
	run_rung restore "$file" --into "$FRESH" --json
	assert_status 0
	assert_equal "$(jq -r 'select(.type == "restore").id' <<<"$output")" "$id"
	sql "drop database \"$FRESH\""
	"$RUNG" backup-cat "$file" | pg_restore --list | grep -q users

	printf x >>"$file"
	assert_refused 5 restore "$file" --into "$FRESH"
	assert_errors_contain "damaged"
	truncate -s -1 "$file"
	unset RUNG_BACKUP_SIGN_KEY # which would be trusted as well
	assert_refused 5 restore "$file" --into "$FRESH" --trusted-key "$(other_trusted_key)"
	assert_errors_contain "--allow-unsigned to use the file"
	sed -i 's/"pending": 0/"pending": 9/' "usb/$id.json"
	assert_refused 5 restore "$file" --into "$FRESH"
	rm "usb/$id.json.minisig"
	assert_refused 2 restore "$file" --into "$FRESH"
	assert_errors_contain "is not signed"
	run_rung restore "$file" --into "$FRESH" --allow-unsigned
	assert_status 0
	assert_errors_contain "no trusted key signed"

	# Its manifest tells a damaged file from a whole one, no matter who wrote it; one that is no good is named.
	sql "drop database \"$FRESH\""
	printf x >>"$file"
	assert_refused 5 restore "$file" --into "$FRESH" --allow-unsigned
	assert_errors_contain "damaged"
	truncate -s -1 "$file"
	echo nonsense >"usb/$id.json"
	run_rung restore "$file" --into "$FRESH" --allow-unsigned
	assert_status 0
	assert_errors_contain "the manifest beside it is not used, so its size and hash are not compared: "
}

other_trusted_key() {
	"$RUNG" keygen --sign-key "$PROJECT/other.key" --json 2>/dev/null | jq -r 'select(.kind == "signing").public_key'
}

# refuse_script LINE WORDS - the script in others.sql is refused for that, plain and compressed, and nothing is made.
refuse_script() {
	local before file
	before=$(databases)
	gzip -kf others.sql
	for file in others.sql others.sql.gz; do
		run_rung restore "./$file" --into "$FRESH" --allow-unsigned
		assert_status 5
		assert_errors_contain "line $1 has \"$2\""
		assert_errors_contain "psql"
		assert_equal "$(databases)" "$before"
		assert_sql "select count(*) from users" 1
		[ ! -e "$PROJECT/touched" ] || fail "a command of the script ran"
	done
}

@test "a script that reaches beyond the new database is refused before anything is made" {
	sql "insert into users values (1, 'stays')"
	printf 'select 1;\n\\connect %s\ndelete from users;\n' "$TEST_DATABASE" >others.sql
	refuse_script 2 '\connect'
	assert_errors_contain "A file of pg_dumpall"
	printf 'create table t (id int);\n\\! touch %s\n' "$PROJECT/touched" >others.sql
	refuse_script 2 '\!'
	printf "create table t (id int);\n\nselect ';';commit;\n" >others.sql
	refuse_script 3 commit
}

names_of_users="select string_agg(name, '|' order by id) from users"

@test "backslashes that are text, and those of pg_dump itself, do not stop a restore" {
	sql <<-'SQL'
		insert into users values (1, '\! touch'), (2, E'\\connect x\n\\.'), (3, '\');
		create function odd() returns text language sql as 'select ''\! touch''::text';
		comment on function odd() is '\connect';
	SQL
	for way in --column-inserts --no-comments; do
		pg_dump "$way" -d "$DATABASE_URL" | sed '/^\\\(un\)\?restrict /d; 1s/^/\\restrict Key1\n/; $s/$/\n\\unrestrict Key1/' >others.sql
		run_rung restore ./others.sql --into "$FRESH" --allow-unsigned
		assert_status 0
		assert_equal "$(in_database "$FRESH" "$names_of_users")" "$(sql "$names_of_users")"
		sql "drop database \"$FRESH\""
	done
}

@test "what switches the encoding brings no command past the guard: psql is restricted as well" {
	psql --help=commands | grep -q restrict || skip "this psql has no restricted mode"
	# In SJIS the first byte takes the quote with it: psql sees a command where the guard sees a literal.
	printf "set client_encoding = 'SJIS';\nselect '\x81' || '\n\\\\! touch %s\n';\n" "$PROJECT/touched" >others.sql
	run_rung restore ./others.sql --into "$FRESH" --allow-unsigned
	assert_status 5
	assert_errors_contain "restricted"
	[ ! -e "$PROJECT/touched" ] || fail "a command of the script ran"
	assert_sql "select count(*) from pg_database where datname = '$FRESH'" 0
}

# A psql as it was before August 2025: it neither says that it can be restricted nor is. Prints its folder.
psql_of_old() {
	local bin=$PROJECT/old
	mkdir -p "$bin"
	ln -sf "$(server_bindir)/pg_restore" "$bin/pg_restore"
	cat >"$bin/psql" <<-EOF
		#!/bin/bash
		for argument; do case \$argument in *restrict*) echo "invalid command" >&2 && exit 3 ;; esac; done
		"$(server_bindir)/psql" "\$@" | grep -v restrict
		exit "\${PIPESTATUS[0]}"
	EOF
	chmod 755 "$bin/psql"
	echo "$bin"
}

@test "a psql without restricted mode gets no script that it may read in another way" {
	local i touch="\\! touch $PROJECT/touched"
	local scripts=(
		"select :x\$x\$ \$x\$ $touch\n\$x\$;\n"
		"select :e'\\\\' $touch\n';\n"
		"set standard_conforming_strings = off;\nselect '\\\\' ' $touch\n';\n"
		"do \$\$begin execute 'set standard' || '_conforming_strings = off'; end\$\$;\nselect '\\\\' ' $touch\n';\n"
		"set client_encoding = 'SJIS';\nselect '\x81\\\\' || '$touch\n';\n"
		"select set_config('client' || '_encoding', 'SJIS', false);\nselect '\x81' || '\n$touch\n';\n"
		"(create) function f() begin;\ncopy t from stdin;\n$touch\n\\\\.\n"
	)
	for i in "${!scripts[@]}"; do
		printf '%b' "${scripts[i]}" >others.sql
		run_rung restore ./others.sql --into "$FRESH" --allow-unsigned --pg-bindir "$(psql_of_old)"
		assert_status 5
		assert_errors_contain "cannot restore the script: line "
		[ ! -e "$PROJECT/touched" ] || fail "a command of script $i ran"
		assert_sql "select count(*) from pg_database where datname = '$FRESH'" 0
	done
	sql "insert into users values (1, '\\! touch'), (2, E'it''s\\n'), (3, 'Größe')"
	pg_dump -d "$DATABASE_URL" >others.sql
	run_rung restore ./others.sql --into "$FRESH" --allow-unsigned --pg-bindir "$(psql_of_old)"
	assert_status 0
	assert_equal "$(in_database "$FRESH" "$names_of_users")" "$(sql "$names_of_users")"
}

# --- time ---------------------------------------------------------------------

# Prints the URL of a role that may do everything, but for a moment only; dropped by drop_hurried.
hurried_url() {
	psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" <<-SQL >/dev/null
		create role "hurried_$TEST_DATABASE" superuser login;
		select format('alter role %I set %I = %L', 'hurried_$TEST_DATABASE', name, '700ms') from pg_settings
		 where name in ('statement_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')
		\gexec
	SQL
	sed "s|//[^/@]*@|//hurried_${TEST_DATABASE}@|" <<<"$DATABASE_URL"
}
drop_hurried() { sql "drop database if exists \"$FRESH\"" && sql "drop role \"hurried_$TEST_DATABASE\""; }

# A table whose index takes longer than any hurried statement, to make and to analyze.
slow_index() {
	sql "create function slow(int) returns int immutable language plpgsql as 'begin perform pg_sleep(1.5); return \$1; end'"
	sql "insert into users values (1, 'a'); create index on users (slow(id))"
}

@test "the timeouts of a role throw no restore away" {
	slow_index
	run_rung backup
	url=$(hurried_url)
	run_rung restore latest --into "$FRESH" --database-url "$url"
	found=$(in_database "$FRESH" "select count(*) from users")
	drop_hurried
	assert_status 0
	refute_errors_contain "could not be analyzed"
	assert_equal "$found" 1
}

@test "a script is restored for as long as it takes" {
	slow_index
	pg_dump -d "$DATABASE_URL" | grep -v '^SET .*timeout' >others.sql
	url=$(hurried_url)
	run_rung restore ./others.sql --into "$FRESH" --allow-unsigned --database-url "$url"
	drop_hurried
	assert_status 0
}

idles() { echo "exists (select from pg_stat_activity where usename = 'hurried_$TEST_DATABASE' and state = '$1' and clock_timestamp() - state_change > '1 second')"; }

@test "the sessions around a backup idle for as long as it takes" {
	migration 02_orders <<<'create table orders (id int);'
	url=$(hurried_url)
	start_rung upgrade --database-url "$url" --pg-bindir "$(pausing_pg_dump 0)"
	wait_until 20 test -e "$PROJECT/paused"
	wait_for "$(idles "idle in transaction")"
	wait_for "exists (select from pg_locks where locktype = 'advisory' and pid in (select pid from pg_stat_activity where usename = 'hurried_$TEST_DATABASE')) and $(idles idle)"
	touch "$PROJECT/resume"
	finish_rung
	sql "drop owned by \"hurried_$TEST_DATABASE\"" 2>/dev/null
	drop_hurried
	assert_status 0
	refute_errors_contain "connecting again"
}

@test "a restored database that cannot be analyzed is kept, and that is said" {
	sql "create function moody(int) returns int immutable language plpgsql as
		'begin if current_query() ilike ''analyze%'' then raise ''not today''; end if; return \$1; end'"
	sql "insert into users values (1, 'a'); create index on users (moody(id))"
	run_rung backup
	run_rung restore latest --into "$FRESH"
	assert_status 0
	assert_errors_contain "could not be analyzed: not today"
	assert_equal "$(in_database "$FRESH" "select count(*) from users")" 1
}

@test "a swap does not wait behind somebody who holds the database" {
	run_rung backup
	psql -XAtq -d "$DATABASE_URL" -c "begin; alter database \"$TEST_DATABASE\" connection limit 99; select pg_sleep(60)" >/dev/null 2>&1 3>&- 4>&- &
	wait_for "exists (select from pg_stat_activity where query like '%pg_sleep(60)%' and wait_event = 'PgSleep')"
	run_rung restore latest --swap --force
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()" >/dev/null
	assert_status 1
	assert_errors_contain "lock timeout"
	assert_errors_contain "both are as before"
	assert_sql "select datallowconn from pg_database where datname = current_database()" t
}

# --- disks --------------------------------------------------------------------

# small_disk SIZE FOLDER - a file system of that size, or a skip.
small_disk() {
	mkdir -p "$2"
	if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o "size=$1" none "$2" 2>/dev/null; then
		skip "cannot mount a small file system here"
	fi
	mounted+=("$2")
}

@test "a server's disk that becomes full: the new database is gone, and that is said" {
	small_disk 24m "$RUNG_RUN/small"
	server_start_own full
	chown "$(stat -c %U "$RUNG_RUN/full")" "$RUNG_RUN/small"
	sql "create tablespace small location '$RUNG_RUN/small'"
	sql "create table large tablespace small as select g, repeat(md5(g::text), 8) as text from generate_series(1, 50000) g"
	run_rung backup
	assert_status 0
	before=$(databases)
	run_rung restore latest --into "$FRESH"
	assert_status 5
	assert_errors_contain "No space left on device"
	assert_errors_contain "The server's disk is full"
	assert_errors_contain "The new database \"$FRESH\" was dropped"
	assert_equal "$(databases)" "$before"
}

@test "a server's disk that is too full is refused before anything is made" {
	server_start_own tight
	server_stop tight
	mv "$RUNG_RUN/tight/data" "$RUNG_RUN/tight/moved"
	small_disk 400m "$RUNG_RUN/tight/data"
	cp -a "$RUNG_RUN/tight/moved/." "$RUNG_RUN/tight/data" && rm -rf "$RUNG_RUN/tight/moved"
	chmod 700 "$RUNG_RUN/tight/data" && chown "$(stat -c %U "$RUNG_RUN/tight")" "$RUNG_RUN/tight/data"
	server_start tight
	sql "create table large as select g, repeat(md5(g::text), 8) as text from generate_series(1, 200000) g"
	run_rung backup
	assert_status 0
	before=$(databases)
	left=$(df --output=avail -B1 "$RUNG_RUN/tight/data" | tail -1)
	fallocate -l $((left - 6 * 1024 * 1024)) "$RUNG_RUN/tight/data/ballast"
	run_rung restore latest --into "$FRESH"
	rm "$RUNG_RUN/tight/data/ballast"
	assert_status 5
	assert_errors_contain "the server's disk is too full"
	assert_errors_contain "No database was created or changed"
	assert_equal "$(databases)" "$before"
}

# --- secrets ------------------------------------------------------------------

# Who holds a URL with a password, a passphrase for backups and one for the signing key.
guard_with_secrets() {
	server_start_own guarded "password_encryption = 'md5'"
	sql "create role app superuser login password 'hush-hush'"
	sed -i 's/trust$/md5/' "$RUNG_RUN/guarded/data/pg_hba.conf"
	SECRET_URL="postgresql://app:hush-hush@/$TEST_DATABASE?host=$RUNG_RUN/guarded"
	sql "create table marked as select 'MARKED-PLAINTEXT-ROW-' || g as t from generate_series(1, 20000) g"
	sql "select pg_reload_conf()" >/dev/null
	unset RUNG_BACKUP_RECIPIENTS RUNG_BACKUP_IDENTITY_FILE DATABASE_URL
	DATABASE_URL=$SECRET_URL
	export -n DATABASE_URL
	export RUNG_BACKUP_PASSPHRASE=hush-passphrase RUNG_SIGN_PASSPHRASE=hush-signing
}

# traced FILE programs|writes ARGS… - every program we start, with its arguments and environment; and with "writes" every
# byte that goes into a file. (LeakSanitizer cannot work in a traced process.)
traced() {
	local calls=execve
	if [ "$2" = writes ]; then calls=execve,write,pwrite64,writev; fi
	ASAN_OPTIONS=detect_leaks=0 strace -f --seccomp-bpf -qq -y -v -e trace="$calls" -s 600000 -o "$1" "$RUNG" "${@:3}" >out.txt 2>&1
}

# no_secret_in TRACE
no_secret_in() {
	[ "$(grep -c execve "$1")" -gt 1 ] || fail "nothing was started"
	# The first line is the program itself, as the test calls it.
	if tail -n +2 "$1" | grep -a execve | sed 's/"PGPASSWORD=hush-hush"//g' | grep -qa hush; then
		fail "a secret was handed on: $(tail -n +2 "$1" | grep -a execve | sed 's/"PGPASSWORD=hush-hush"//g' | grep -ao '"[^"]*hush[^"]*"' | sort -u)"
	fi
	grep -aE '^[0-9]+ +p?writev?(64)?\([0-9]+</' "$1" | grep -av '</dev/null>' | grep -a MARKED-PLAINTEXT | cut -c1-120 >into_files || true
	[ ! -s into_files ] || fail "plaintext went into a file: $(head -3 into_files)"
	grep -qa MARKED-PLAINTEXT "$1" || fail "the trace does not show what is written at all"
	[ "$(grep -c hush out.txt)" = 0 ] || fail "a secret was printed: $(grep hush out.txt)"
}

@test "a backup and a restore write no plaintext and hand no secret to anybody" {
	command -v strace >/dev/null || skip "strace is not installed"
	strace -f --seccomp-bpf -qq -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	guard_with_secrets
	traced backup.trace writes backup --globals --database-url "$SECRET_URL" || fail "$(cat out.txt)"
	no_secret_in backup.trace
	traced restore.trace writes restore latest --into "$FRESH" --database-url "$SECRET_URL" || fail "$(cat out.txt)"
	no_secret_in restore.trace
	traced drill.trace programs verify-backup latest --drill --database-url "$SECRET_URL" || fail "$(cat out.txt)"
	[ "$(tail -n +2 drill.trace | grep -a execve | sed 's/"PGPASSWORD=hush-hush"//g' | grep -ca hush)" = 0 ]
	[ "$(grep -rlaE 'MARKED-PLAINTEXT|hush' "$STORE" | wc -l)" = 0 ]
	psql -XAtq -d "$SECRET_URL" -c "drop database \"$FRESH\""
}

# A process and what it started, with their arguments.
processes_of() { ps -eo pid=,ppid=,args= | awk -v root="$1" '$1 == root || $2 in ours { ours[$1]; print }'; }

@test "while it runs no process shows a secret, and neither do errors and logs" {
	guard_with_secrets
	bin=$(pausing_pg_dump 0)
	start_rung backup --database-url "$SECRET_URL" --pg-bindir "$bin"
	wait_until 20 test -e "$PROJECT/paused"
	processes_of "$rung_pid" >processes
	touch "$PROJECT/resume"
	finish_rung
	assert_status 0
	[ "$(wc -l <processes)" -gt 1 ]
	if grep hush- processes; then fail "a process shows a secret"; fi
	id=$(newest_backup)
	export RUNG_LOG_FILE=$PROJECT/migration.log
	for wrong in "restore $id --into x --database-url ${SECRET_URL/hush-hush/hush-wrong}" \
		"backup --database-url ${SECRET_URL/hush-hush/hush-wrong}" \
		"restore $id --into x --database-url $SECRET_URL --pg-bindir $PROJECT" \
		"upgrade --database-url $SECRET_URL --pg-bindir $PROJECT"; do
		# shellcheck disable=SC2086 # words
		run_rung $wrong
		[ "$status" -ne 0 ]
		refute_output_contains hush-
		refute_errors_contain hush-
	done
	RUNG_BACKUP_PASSPHRASE=hush-other run_rung verify-backup "$id" --decrypt --database-url "$SECRET_URL"
	assert_status 5
	refute_errors_contain hush-
	[ "$(cat migration.log 2>/dev/null | grep -c hush-)" = 0 ]
}

@test "the passphrase of a client key, which every process would show, is refused before anything starts" {
	run_rung backup
	id=$(newest_backup)
	before=$(backup_count)
	url="$DATABASE_URL$([[ $DATABASE_URL == *\?* ]] && echo '&' || echo '?')sslpassword=hush-key"
	migration 02_orders <<<'create table orders (id int);'
	for verb in backup "restore $id --into $FRESH" upgrade; do
		# shellcheck disable=SC2086 # words
		run_rung $verb --database-url "$url"
		assert_status "$([ "$verb" = upgrade ] && echo 5 || echo 2)"
		assert_errors_contain "cannot hand \"sslpassword\" to PostgreSQL's programs"
		assert_errors_contain "0600"
		refute_errors_contain hush-
	done
	assert_equal "$(backup_count)" "$before"
	assert_sql "select to_regclass('orders') is null" t
}

@test "a hook has no use for the passphrases" {
	migration 02_orders <<<'create table orders (id int);'
	printf '[hooks]\nbefore_upgrade = env >hook.env\n' >rung.ini
	unset RUNG_BACKUP_RECIPIENTS RUNG_BACKUP_IDENTITY_FILE
	RUNG_BACKUP_PASSPHRASE=hush-passphrase RUNG_SIGN_PASSPHRASE=hush-signing RUNG_BACKUP_TOKEN=hush-token run_rung upgrade
	assert_status 0
	grep -q RUNG_COMMAND= hook.env
	[ "$(grep -c hush- hook.env)" = 0 ] || fail "$(grep hush- hook.env)"
}

@test "keys and passphrases that others may read are refused by every verb" {
	run_rung backup
	printf 'correct horse\n' >phrase
	chmod 640 phrase "$IDENTITY" "$RUNG_BACKUP_SIGN_KEY"
	assert_refused 2 backup
	assert_errors_contain "others may read"
	assert_refused 2 verify-backup latest --decrypt
	assert_errors_contain "others may read"
	assert_refused 2 restore latest --into "$FRESH"
	assert_errors_contain "others may read"
	chmod 600 "$IDENTITY"
	assert_refused 2 restore latest --into "$FRESH" --passphrase-file phrase
	assert_errors_contain "others may read"
}

# --- what is written about it ---------------------------------------------------

# names_keys_of FILE SECTION - the section's own text and table name every key that is in the file.
names_keys_of() {
	sed -n "/^## $2/,/^## /p" "$ROOT/docs/backup-format.md" | sed '1d;/^## /d' >section
	jq -r '[paths | map(select(type == "string"))] | unique[] | last' "$1" | sort -u | while read -r key; do
		grep -q "\`$key\`" section || fail "not under \"$2\" in docs/backup-format.md: $key"
	done
}

@test "the document of the format names every key that is in a backup" {
	run_rung backup --globals
	id=$(newest_backup)
	# The facts are after the archive, where zstd passes over them.
	{ echo '{' && age -d -i "$IDENTITY" "$(object_of "$id")" | LC_ALL=C sed -n '/"format": "rung-facts/,/^}$/p'; } >facts.json
	jq -e '.catalog.kinds | length > 3' facts.json >/dev/null
	names_keys_of facts.json "The facts"
	names_keys_of "$(manifest_of "$id")" "The manifest"
}

@test "the commands of the README about backups do what it says" {
	server_start_own readme
	"$RUNG" upgrade --no-backup >/dev/null 2>&1
	mkdir bin
	ln -s "$RUNG" bin/rung
	PATH=$PROJECT/bin:$PATH
	unset RUNG_BACKUP_IDENTITY_FILE
	migration 42_orders <<<'create table orders (id int);'
	sed -n '/^## Back up, restore/,/^## When/p' "$ROOT/README.md" | sed -n '/^```sh$/,/^```$/p' | grep '^rung ' >commands
	[ "$(wc -l <commands)" -ge 8 ]
	head -1 commands | bash -e
	run_rung upgrade
	assert_status 0
	while read -r command; do
		# Nobody is here to answer what a swap asks.
		command=${command/--before NN/--before 42}
		case $command in *--swap*) command=${command/--swap/--swap --force} ;; esac
		bash -ec "$command" >said 2>&1 </dev/null || fail "$command: $(cat said)"
	done <commands
	assert_sql "select count(*) from pg_database where datname in ('app_check', '${TEST_DATABASE}') or datname like '${TEST_DATABASE}_before_%'" 3
	assert_sql "select to_regclass('orders') is null" t
	[ -e new-identity.key ] && [ -e new-signing.key ]
}
