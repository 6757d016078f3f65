# What somebody changed by hand since the last run is named, object by object, and nothing else is.

load ../lib/rung
load ../lib/pooler

setup() {
	rung_setup
	ADMIN_URL=$(url_of_database "$DATABASE_URL" postgres)
	ROLE=guest_${TEST_DATABASE#t_}
}

teardown() {
	rung_teardown
	psql -XAtq -d "${ADMIN_URL:-}" -c "drop role if exists $ROLE" -c "drop role if exists ${ROLE}_other" 2>/dev/null || true
}

another_database() {
	database_create "$(server_url "$TEST_SERVER")" "$1"
	server_url "$TEST_SERVER" "$1"
}

one() {
	migration 01_shop <<-'SQL'
		create schema app;
		create table app.items (id integer primary key, name text default 'x', price integer check (price > 0));
		create index named on app.items (name);
		create function app.f(a integer) returns integer language sql as 'select a';
		create view app.v as select id from app.items;
		create policy mine on app.items using (true);
		create type app.mood as enum ('good', 'bad');
		comment on table app.items is 'what is sold';
	SQL
	rollback_of 01_shop <<<"drop schema app cascade;"
}

two() {
	migration "02_more$1" <<<"create table more (id integer);"
	rollback_of "02_more$1" <<<"drop table more;"
}

applied() {
	one
	run_rung upgrade
	assert_status 0
	refute_errors_contain warning
}

# drifts 'KIND IDENTITY was CHANGE'… - check finds these and nothing else.
drifts() {
	run_rung check
	assert_status 3
	assert_equal "$(sed 's/ since the last run (.*) \[drift\]$//' <<<"$output")" "$(printf '%s\n' "$@")"
}

clean() {
	run_rung check
	assert_status 0
	assert_output_contains "up to date"
	refute_errors_contain "not compared"
}

@test "what is changed by hand is named, and is gone when it is undone" {
	local change undo names
	applied
	clean
	while IFS='|' read -r change undo names; do
		sql "$change"
		# shellcheck disable=SC2086 # one argument a name
		IFS=, && drifts $names
		unset IFS
		sql "$undo"
		clean
	done <<-'END'
		alter table app.items add x integer|alter table app.items drop x|column app.items.x was added
		alter table app.items alter price type bigint|alter table app.items alter price type integer|column app.items.price was changed
		alter table app.items alter name set default 'y'|alter table app.items alter name set default 'x'|default app.items.name was changed
		drop index app.named|create index named on app.items (name)|index app.named was removed
		grant select on app.items to public|revoke select on app.items from public|table app.items was changed
		create or replace function app.f(a integer) returns integer language sql as 'select a + 1'|create or replace function app.f(a integer) returns integer language sql as 'select a'|function app.f(integer) was changed
		comment on table app.items is 'x'|comment on table app.items is 'what is sold'|table app.items was changed
		alter table app.items enable row level security|alter table app.items disable row level security|table app.items was changed
		alter policy mine on app.items using (false)|alter policy mine on app.items using (true)|policy app.items.mine was changed
		create table app.late (i integer)|drop table app.late|table app.late was added,column app.late.i was added
	END
}

@test "status says it, json lists objects, upgrade warns, refuses or does not look" {
	applied
	run_rung status
	refute_output_contains Drift
	assert_output_contains "Up to date."
	assert_equal "$("$RUNG" status --json | jq -r 'select(.type == "status").drift')" 0
	sql "alter table app.items add x integer; comment on view app.v is 'v'"
	run_rung status
	assert_output_matches 'Drift +changed view app\.v, added column app\.items\.x, since the last run at 20'
	assert_output_contains "Next: rung check"
	run_rung status --no-drift
	refute_output_contains Drift
	assert_equal "$("$RUNG" status --json | jq -r 'select(.type == "status").drift')" 2
	run_rung check --json
	assert_equal "$(jq -r 'select(.rule == "drift") | [.change, .kind, .identity] | join(" ")' <<<"$output")" \
		$'changed view app.v\nadded column app.items.x'
	# Nothing to do: nothing is said, nothing is kept.
	run_rung upgrade --drift refuse
	assert_status 0
	two
	assert_refused 3 upgrade --drift refuse
	assert_errors_contain "the schema was changed since the last run: 2 objects"
	assert_errors_contain "changed view app.v, added column app.items.x"
	assert_sql "select to_regclass('more') is null" t
	assert_refused 3 upgrade --drift refuse --dry-run
	run_rung upgrade --dry-run
	assert_errors_contain "warning: the schema was changed since the last run"
	printf '[upgrade]\ndrift = refuse\n' >rung.ini
	assert_refused 3 upgrade
	advised 'rung check --fix' 3
	advised 'rung upgrade --drift warn'
	rm rung.ini
	run_rung downgrade --force
	refute_errors_contain warning
	sql "drop view app.v"
	run_rung upgrade --drift ignore
	assert_status 0
	refute_errors_contain warning
	clean
}

@test "what is there is accepted by repair and by stamp, not by other corrections of the record" {
	applied
	two
	run_rung upgrade
	sql "drop view app.v"
	echo "-- edited" >>schema/02_more.sql
	run_rung repair
	assert_output_contains "1 record repaired"
	drifts "view app.v was removed" "column app.v.id was removed"
	run_rung upgrade --drift refuse
	assert_status 0
	rm {schema,rollback}/*02_more.sql
	two _again
	assert_refused 2 repair --accept-drift 01
	sql "insert into schema_version_log select id + 1, at, 'rollback', 'done', version, name, checksum, duration_ms, sqlstate, error,
		run_id, db_user, os_user, host, tool_version, rollback_checksum, hash, 'x' from schema_version_log order by id desc limit 1"
	run_rung check --json
	assert_output_contains "what was kept is of another state of the history"
	refute_output_contains '"rule":"drift"'
	sql "delete from schema_version_log where hash = 'x'"
	sql "delete from schema_version_catalog"
	rm {schema,rollback}/*02_more_again.sql
	two
	echo "-- edited" >>schema/02_more.sql
	run_rung check
	assert_status 0
	assert_errors_contain "nothing was kept yet"
	advised 'rung repair --accept-drift'
	assert_sql "select name, action, outcome from schema_version_log order by id desc limit 1" "drift|repair|done"
	clean
	run_rung log --verify
	assert_status 0
	sql "comment on schema app is 'by hand'"
	drifts "schema app was changed"
	run_rung stamp 02
	clean
}

@test "a copy is the same: restored, owned by others, looked at by others" {
	local copy
	applied
	copy=$(another_database "${TEST_DATABASE}_copy")
	pg_dump -d "$DATABASE_URL" | psql -XAtq -d "$copy" >/dev/null
	DATABASE_URL=$copy clean
	psql -XAtq -d "$copy" -c "drop index app.named"
	DATABASE_URL=$copy drifts "index app.named was removed"
	# All of it somebody else's, who looks.
	psql -XAtq -d "$ADMIN_URL" -c "create role $ROLE login" -c "create role ${ROLE}_other login"
	copy=$(another_database "${TEST_DATABASE}_own")
	psql -XAtq -d "$copy" -c "alter database ${TEST_DATABASE}_own owner to $ROLE"
	pg_dump --no-owner -d "$DATABASE_URL" | psql -XAtq -d "${copy/postgres@/$ROLE@}" >/dev/null
	DATABASE_URL=${copy/postgres@/$ROLE@} clean
	psql -XAtq -d "$copy" -c "alter table app.items owner to ${ROLE}_other"
	DATABASE_URL=${copy/postgres@/$ROLE@} drifts "table app.items was changed"
	psql -XAtq -d "$copy" -c "drop owned by ${ROLE}_other, $ROLE"
	# Here somebody else looks, who does not see what mappings hold.
	sql "create foreign data wrapper w; create server s foreign data wrapper w; create user mapping for postgres server s options (password 'p');
	     grant select on $(history_tables) to ${ROLE}_other"
	"$RUNG" repair --accept-drift 2>/dev/null
	DATABASE_URL=${DATABASE_URL/postgres@/${ROLE}_other@} clean
	sql "drop index app.named"
	DATABASE_URL=${DATABASE_URL/postgres@/${ROLE}_other@} drifts "index app.named was removed"
	sql "revoke all on schema_version_catalog from ${ROLE}_other"
	DATABASE_URL=${DATABASE_URL/postgres@/${ROLE}_other@} run_rung check
	assert_status 0
	assert_errors_contain "warning: the schema was not compared with how the last run left it: permission denied"
	DATABASE_URL=${DATABASE_URL/postgres@/${ROLE}_other@} run_rung status
	assert_output_contains "not known: permission denied"
	sql "drop owned by ${ROLE}_other"
}

@test "another major, another format, a damaged list" {
	applied
	sql "update schema_version_catalog set server_major = 9; drop index app.named"
	run_rung check
	assert_status 0
	assert_errors_contain "it was kept on PostgreSQL 9, and this is"
	sql "update schema_version_catalog set server_major = current_setting('server_version_num')::int / 10000, format = 999"
	run_rung check
	assert_status 0
	assert_errors_contain "it was kept by another version of rung"
	sql "update schema_version_catalog set format = 2, objects = substr(objects, 1, length(objects) - 1)"
	run_rung check
	assert_status 3
	assert_output_contains "its fingerprint is another, and the list of objects is damaged"
	two
	run_rung upgrade
	clean
}

@test "what others may change: partitions, extensions, an index that is being built" {
	applied
	sql "create extension pg_trgm version '1.3'; create table app.log (d date, n integer) partition by range (d)"
	"$RUNG" repair --accept-drift 2>/dev/null
	sql "alter extension pg_trgm update; insert into app.items values (1, 'x', 1)"
	clean
	psql -XAtq -d "$DATABASE_URL" -c "insert into app.items values (2, 'x', 1)" -c "create unique index concurrently doubled on app.items (name)" 2>/dev/null || true
	assert_sql "select indisvalid from pg_index where indexrelid = 'app.doubled'::regclass" f
	clean
	sql "drop index app.doubled; create table app.log_p1 partition of app.log for values from ('2026-01-01') to ('2026-02-01')"
	run_rung check
	assert_status 3
	assert_output_contains "table app.log_p1 was added"
	run_rung check --drift-ignore 'app.log_p*'
	assert_status 0
	printf '[drift]\nignore = "Other" app.log_p*\n' >rung.ini
	clean
	run_rung status
	refute_output_contains Drift
	two
	run_rung upgrade
	refute_errors_contain warning
	sql "drop table app.log_p1, app.log"
	drifts "table app.log was removed" "column app.log.d was removed" "column app.log.n was removed"
}

@test "what cannot be kept fails no run, and the lock is let go of" {
	applied
	two
	psql -XAtq -d "$ADMIN_URL" -c "create role $ROLE login"
	sql "grant create on schema public to $ROLE; grant select, insert, update, delete on $(history_tables) to $ROLE;
	     revoke all on schema_version_catalog from $ROLE; grant select on schema_version_catalog to $ROLE"
	DATABASE_URL=${DATABASE_URL/postgres@/$ROLE@} run_rung upgrade
	assert_status 0
	assert_output_contains "1 migration done"
	assert_errors_contain "all is done, but what the schema is like now was not kept: permission denied for table schema_version_catalog. The user needs rights"
	assert_sql "select count(*) from pg_locks where locktype = 'advisory'" 0
	assert_sql "select finished_at is not null from schema_version_run order by number desc limit 1" t
	run_rung check
	refute_output_contains "[drift]"
	assert_errors_contain "what was kept is of another state of the history"
	sql "alter table more owner to postgres; drop owned by $ROLE"
	run_rung repair --accept-drift
	# A view whose table is locked cannot be read in time.
	migration 03_view <<<"create view seen as select id from more;"
	rollback_of 03_view <<<"drop view seen;"
	run_rung upgrade
	migration 04_last <<<"create table last (id integer);"
	rollback_of 04_last <<<"drop table last;"
	printf '%s;\n' begin 'lock table more' '\echo locked' 'select pg_sleep(60)' |
		psql -XAtq -d "$DATABASE_URL" >locking 2>&1 3>&- 4>&- &
	wait_until 10 grep -q locked locking
	run_rung upgrade --drift ignore
	sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()" >/dev/null
	wait $! || true
	assert_status 0
	assert_errors_contain "was not kept: another session holds a lock on a table that a view is made of"
}

@test "kept in every way a run ends: one transaction, nothing left, a pooler" {
	one
	two
	run_rung upgrade --single-transaction
	clean
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select version from schema_version_catalog" 0
	run_rung check
	assert_output_contains "[pending]"
	refute_output_contains "[drift]"
	pgbouncer_start
	run_rung upgrade
	assert_status 0
	assert_sql "select version, kept_by from schema_version_catalog" "2|postgres"
	clean
	sql "drop table more"
	drifts "table public.more was removed" "column public.more.id was removed"
}

@test "one round trip more to keep, one to compare, none with nothing to do" {
	local trips=() arguments
	applied
	migration 02_x <<<"create table x2 (id integer);"
	migration 03_x <<<"create table x3 (id integer);"
	for arguments in "upgrade 02 --drift ignore" "upgrade 03 --drift warn" "upgrade"; do
		proxy_start
		# shellcheck disable=SC2086
		run_rung $arguments
		assert_status 0
		proxy_stats >/dev/null
		trips+=("$(proxy_stat round_trips)")
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
	done
	assert_equal "${trips[*]}" "8 9 2"
}

@test "cut at any message while it is kept: the run is done all the same" {
	local at count
	applied
	two
	proxy_start
	run_rung upgrade
	proxy_stats >/dev/null
	count=$(proxy_stat server_messages)
	stop_helper "$PROXY"
	for at in $(seq $((count - 300)) 37 $((count + 1))); do
		DATABASE_URL=$DIRECT_URL
		"$RUNG" downgrade --force >/dev/null 2>&1
		proxy_start --cut-after-messages "$at"
		run_rung upgrade
		assert_status 0
		stop_helper "$PROXY"
		DATABASE_URL=$DIRECT_URL
		assert_sql "select count(*), to_regclass('more') is not null from schema_version" "2|t"
		run_rung check
		assert_status 0
	done
}

@test "ten thousand objects: what is kept of them" {
	long_only
	applied
	sql <"$ROOT/tests/bench/many_objects.sql"
	"$RUNG" repair --accept-drift 2>/dev/null
	clean
	assert_sql "select length(objects) < 20 * 24000 and pg_column_size(objects) < 16 * 24000 from schema_version_catalog" t
	sql "drop function f_7; alter table big_7 drop j"
	run_rung check
	assert_output_contains "function public.f_7(integer, text) was removed"
	assert_output_contains "column public.big_7.j was removed"
}

@test "built anew: each object that differs is named, and the SQL either way does what it says" {
	local live fix
	live=(--server "$ADMIN_URL")
	applied
	run_rung check --deep "${live[@]}"
	assert_status 0
	assert_output_contains "up to date"
	sql "alter table app.items alter price type bigint; drop index app.named; create view app.more as select 1 as one;
	     create table app.log_p1 (a integer)"
	# Accepted or not, kept or not: the migrations do not make it.
	"$RUNG" repair --accept-drift 2>/dev/null
	sql "comment on schema app is 'by hand'"
	run_rung check --deep --json --drift-ignore 'app.log_p*' "${live[@]}"
	assert_status 3
	assert_equal "$(jq -r 'select(.rule == "drift") | [.change, .kind, .identity, (.facts[] | .name, .before, .after)] | join(" ")' <<<"$output")" \
		"changed schema app comment  by hand
added view app.more
changed column app.items.price type integer bigint
added column app.more.one
removed index app.named"
	run_rung check --deep "${live[@]}" --drift-ignore 'app.log_p*'
	assert_output_contains "column app.items.price is not as the applied migrations make it: type: integer -> bigint [drift]"
	assert_output_contains "index app.named is missing in the database, and the applied migrations make it [drift]"
	assert_output_contains "view app.more is in the database, and no applied migration makes it [drift]"
	assert_errors_contain "5 findings"
	# A pending one is no difference, an edited one says so itself; what cannot be built is said.
	two
	run_rung check --fix --drift-ignore 'app.log_p*' "${live[@]}"
	assert_status 3
	assert_errors_contain "schema app was changed since the last run"
	assert_errors_contain "the SQL also undoes what differed before the last run or was accepted: 4 objects"
	fix=$output
	assert_output_contains "-- Or keep what is there: rung upgrade --drift warn, then rung create \"what was changed\" --from live"
	# The half that keeps: on a copy that the migrations make.
	another_database "${TEST_DATABASE}_new" >/dev/null
	DATABASE_URL=$(server_url "$TEST_SERVER" "${TEST_DATABASE}_new") "$RUNG" upgrade 01 >/dev/null
	sed -n '/^--$/,$s/^-- \?//p' <<<"$fix" >keep.sql
	psql -XAtq -v ON_ERROR_STOP=1 -d "$(server_url "$TEST_SERVER" "${TEST_DATABASE}_new")" -f keep.sql
	run_rung diff "$(server_url "$TEST_SERVER" "${TEST_DATABASE}_new")" live --exclude log_p1 --exit-code
	assert_status 0
	# All of what was printed, as it is: the database is back.
	psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" <<<"$fix"
	run_rung check --deep "${live[@]}" --drift-ignore 'app.log_p*'
	refute_output_contains "[drift]"
	run_rung check --fix --json "${live[@]}"
	assert_equal "$(jq -r 'select(.type == "statement") | [.direction, .part, .kind, .identity, .hazards[]] | join(" ")' <<<"$output")" \
		"undo 1 table app.log_p1 data-loss irreversible
keep 1 table app.log_p1"
	assert_refused 2 check --fix --offline
	rm {schema,rollback}/*01_shop.sql
	run_rung check --deep "${live[@]}"
	assert_status 3
	assert_errors_contain 'the schema was not built from the migrations: the file of migration "01_shop" is missing'
}

@test "what was changed by hand is kept as advised, or put back" {
	applied
	sql "alter table app.items add weight integer"
	two
	run_rung upgrade --drift refuse
	assert_status 3
	advised 'rung check --fix' 3
	advised 'rung upgrade --drift warn'
	advised 'rung create MESSAGE --from live'
	assert_equal "$(grep -c 'ADD COLUMN weight' schema/03_message.sql)" 1
	"$RUNG" stamp head 2>/dev/null
	clean
}
