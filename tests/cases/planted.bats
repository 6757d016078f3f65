# A role that owns the tables of the history, or the database, leaves code of its own in them and waits for the
# superuser who deploys. Whatever the verb, none of it runs; what is refused is made right by the statements
# that the refusal names, and those run none of it either.

load ../lib/rung

setup() {
	rung_setup
	if [ -n "${RUNG_TEST_SERVER_URL:-}" ]; then skip "reads the log of a server of its own"; fi
	ROLE=planter_${TEST_DATABASE#t_}
	sql "create role $ROLE login"
	TEMPLATE=$TEST_DATABASE
	ADMIN_URL=$(url_of_database "$DATABASE_URL" postgres)
}

teardown() {
	psql -XAtq -d "${ADMIN_URL:-}" -c "drop database if exists ${TEMPLATE}_planted" 2>/dev/null || true
	rung_teardown
	psql -XAtq -d "${ADMIN_URL:-}" -c "drop role if exists $ROLE" 2>/dev/null || true
}

# plants GROUP - SQL of what can be left in the tables. All of it calls public.pwn(), which leaves a line in the
# server's log no matter who catches its error, and whether or not the transaction may write.
plants() {
	local log=schema_version_log run=schema_version_run
	case $1 in
	"what hangs on them") cat <<-SQL ;;
		create trigger each_row before insert on $log for each row execute function pwn_row();
		create trigger each_statement after update on $run for each statement execute function pwn_row();
		create constraint trigger deferred after insert on schema_version deferrable initially deferred for each row execute function pwn_row();
		alter table $log add constraint checked check (pwn()) not valid;
		alter table schema_version alter applied_at set default case when pwn() then now() end;
		alter table $run add column more int;
		alter table $run alter more set default case when pwn() then 1 end;
		alter table $log add column made int generated always as (case when pwn_of(action) then 1 end) stored;
		create index expression on schema_version ((pwn_of(name)));
		create index predicate on $run (number) where pwn_of(command);
		alter table $log add constraint excluded exclude using btree ((pwn_of(action)) with =) where (id < 0);
		create policy hidden on $log using (pwn()) with check (pwn());
		create operator === (function = pwn_same, leftarg = text, rightarg = text);
		alter table schema_version_step add constraint operated check (state === state) not valid;
		create table named (id bigint primary key);
		create trigger named before update on named for each row execute function pwn_row();
		insert into named values (1), (2), (3);
		alter table schema_version add constraint naming foreign key (version) references named not valid;
		create table naming (id bigint references schema_version on delete cascade);
		create trigger naming after delete on naming for each row execute function pwn_row();
		create table child (check (pwn())) inherits ($log);
		create table parent (version bigint not null);
		alter table schema_version_batch inherit parent;
	SQL
	"types") cat <<-SQL ;;
		create domain checked as text check (pwn());
		alter table $log alter outcome type checked;
		create domain made as int default 1 check (pwn());
		alter table schema_version add column more made[];
		create type kind as enum ('upgrade', 'downgrade', 'resume');
		create function pwn_cast(kind) returns text language plpgsql as 'begin perform public.pwn(); return null; end';
		create cast (kind as text) with function pwn_cast as implicit;
		alter table $run alter command type kind using command::kind;
	SQL
	"views") cat <<-SQL ;;
		alter table $run rename to runs;
		create view $run as select * from runs where pwn();
		alter table $log rename to logs;
		create view $log as select * from logs where pwn();
		alter table schema_version_step rename to steps;
		create view schema_version_step as select * from steps where pwn();
	SQL
	"rules, and a view of the first") cat <<-SQL ;;
		create rule also as on insert to $log do also select pwn();
		create rule instead as on update to $run where pwn() do instead nothing;
		create table aside (id int default case when pwn() then 1 end);
		create rule aside as on insert to $run do also insert into aside default values;
		alter table schema_version rename to versions;
		create view schema_version as select * from versions where pwn();
	SQL
	"partitions") cat <<-SQL ;;
		drop table $run;
		create table $run (number bigint primary key, id text, command text, target text, from_name text, to_name text,
			steps text, log_id bigint, begun_at timestamptz, finished_at timestamptz, db_user text, os_user text, host text,
			tool_version text) partition by range (number);
		create table part partition of $run (check (pwn())) for values from (0) to (1000);
	SQL
	esac
}

# Since PostgreSQL 17 commands like CREATE INDEX look for names in pg_catalog alone.
pwn_create() {
	sql "create function public.pwn() returns boolean language plpgsql as
			'begin raise log ''pwned by % in %'', current_user, current_database(); return true; end';
		create function public.pwn_of(text) returns boolean language plpgsql immutable as 'begin return public.pwn(); end';
		create function public.pwn_same(text, text) returns boolean language plpgsql immutable as 'begin return public.pwn(); end';
		create function public.pwn_row() returns trigger language plpgsql as 'begin perform public.pwn(); return coalesce(new, old); end';
		alter function pwn() owner to $ROLE; alter function pwn_of(text) owner to $ROLE; alter function pwn_row() owner to $ROLE; alter function pwn_same(text, text) owner to $ROLE"
}

pwned() { grep -c "pwned by postgres in $TEST_DATABASE$" "$RUNG_RUN/$TEST_SERVER/log" || true; }

# Two migrations of three are applied, by a rung that the role ran; the database is the role's.
template_create() {
	local i
	for i in 1 2 3; do
		migration "0${i}_m$i" <<<"create table m$i (id int);"
		rollback_of "0${i}_m$i" <<<"drop table m$i;"
	done
	"$RUNG" upgrade 02 >/dev/null 2>&1
	pwn_create
	sql "grant create on schema public to $ROLE"
	tables_belong_to "$ROLE"
}

tables_belong_to() {
	sql "do \$\$ declare t text; begin
			foreach t in array string_to_array('$(history_tables)', ', ') loop
				execute format('alter table %I owner to $1', t);
			end loop; end \$\$"
}

# plant SQL - into a copy of the template, as the role; DATABASE_URL is the copy's.
plant() {
	psql -XAtq -d "$ADMIN_URL" -c "drop database if exists ${TEMPLATE}_planted" -c "create database ${TEMPLATE}_planted template $TEMPLATE owner $ROLE" 2>/dev/null
	TEST_DATABASE=${TEMPLATE}_planted
	DATABASE_URL=$(url_of_database "$ADMIN_URL" "$TEST_DATABASE")
	sql "set role $ROLE; $1"
}

# no_code_of_theirs VERB… - and the writing ones refuse.
no_code_of_theirs() {
	local verb
	for verb in "$@"; do
		# shellcheck disable=SC2086
		run_rung $verb
		[ "$(pwned)" = "$before" ] || fail "$name: code of theirs ran in $verb"
		case $verb in
		status | current | history | check | log*) ;;
		*) assert_status 2 ;;
		esac
	done
}

# What the last refusal says makes it right.
fixes() { sed -n 's/^ *\(\(ALTER\|DROP\) .*;\)$/\1/p' <<<"$errors"; }

make_right() {
	local try
	for try in 1 2 3 4 5 6 7 8; do
		run_rung upgrade --dry-run
		if [ "$status" -ne 2 ]; then break; fi
		[ -n "$(fixes)" ] || fail "$name: no statement is given"
		sql "$(fixes)" >/dev/null || fail "$name: a statement that is given does not work"
	done
	[ "$(sql "select count(*) from schema_version" 2>/dev/null || echo 0)" = 2 ] || "$RUNG" stamp 02 >/dev/null 2>&1 || fail "$name: stamp"
	run_rung upgrade
	assert_status 0 || fail "$name"
	run_rung check
	# The log that a view had replaced is gone with it: what is applied is stamped anew.
	if [ "$name" = views ]; then
		assert_status 3
		assert_output_contains "[unlogged]"
		"$RUNG" stamp base --force >/dev/null 2>&1 || fail "$name: stamp base"
		"$RUNG" stamp head >/dev/null 2>&1 || fail "$name: stamp head"
		run_rung check
	fi
	assert_status 0 || fail "$name"
	[ "$(pwned)" = "$before" ] || fail "$name: code of theirs ran while it was made right"
}

@test "whatever the owner of the tables planted, no verb of a superuser runs it" {
	local name before
	template_create
	for name in "what hangs on them" "types" "views" "rules, and a view of the first" "partitions"; do
		plant "$(plants "$name")"
		before=$(pwned)
		no_code_of_theirs status current history check log "log --verify" "upgrade --dry-run" upgrade "upgrade +1" \
			"downgrade --dry-run" "downgrade --force" "stamp 01" "stamp head" repair resume "upgrade --sql"
		make_right
	done
}

@test "code of theirs in tables of ours is refused as well, and named; who trusts the role says so" {
	local name="what hangs on them" before
	template_create
	plant "$(plants "$name")"
	tables_belong_to postgres
	before=$(pwned)
	no_code_of_theirs check upgrade "downgrade --force" "stamp 01"
	mkdir store
	run_rung backup --no-encryption --output "$PWD/store"
	assert_status 0
	assert_errors_contain "could not be recorded in the log"
	[ "$(pwned)" = "$before" ] || fail "the note of a backup ran code of theirs"
	run_rung check
	assert_status 3
	assert_output_contains "runs code of the role \"$ROLE\": function pwn(), by its constraint checked on table schema_version_log"
	tables_belong_to "$ROLE"
	printf '[database]\nhistory_owner = %s\n' "$ROLE" >rung.ini
	sql "drop table child; alter table schema_version_batch no inherit parent"
	run_rung upgrade
	assert_status 0
	[ "$(pwned)" -gt "$before" ] || fail "nothing that was planted is at work"
	# A member of the role has its rights anyhow, and so may its code have the member's.
	rm rung.ini
	sql "create role ${ROLE}_member login in role $ROLE"
	DATABASE_URL=${DATABASE_URL/postgres@/${ROLE}_member@}
	run_rung downgrade --force --dry-run
	assert_status 0
	sql "set role $ROLE; drop owned by ${ROLE}_member" >/dev/null 2>&1 || true
	psql -XAtq -d "$ADMIN_URL" -c "drop role ${ROLE}_member"
}
