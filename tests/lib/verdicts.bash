# shellcheck shell=bash
# verdicts.bash - a history with right and wrong rollbacks of every kind, and psql's own verdict on each file
#
#	verdicts_make 40            writes 40 migrations below the project, and "expected": a line a file,
#	                            "NNN_kind verdict"
#	verdicts_of_psql SERVER     "by_psql" in the same form: for each file a new database on that server,
#	                            which sees the ups before it and then the file, its rollback and the file again
#	verdicts_of_rung            the same from the last run_rung test --json, on stdout
#
# A verdict is "passed", the rule of the first finding, or why the file was not tried. What a kind of file is
# to be judged as stands beside it; the long form holds that against psql as well.

# The state that the ups alone make, as far as later files look at it.
verdicts_rows=0
verdicts_calls=0

# kind VERDICT - one file of each kind, in $number: writes `up` and `back` ("-" for none).
kind_table() { up="create table t_$n (id int primary key, label text); create index on t_$n (label);" back="drop table t_$n;"; }
kind_column() { up="alter table wide add column c_$n text default 'x' not null;" back="alter table wide drop column c_$n;"; }
kind_function() { up="create function f_$n() returns int language sql as 'select $n';" back="drop function f_$n();"; }
kind_view() { up="create view v_$n as select id from base;" back="drop view v_$n;"; }
kind_type() { up="create type e_$n as enum ('a', 'b'); create domain d_$n as int check (value > 0);" back="drop domain d_$n; drop type e_$n;"; }
kind_trigger() { up="create trigger g_$n before update on base for each row execute function base_trigger();" back="drop trigger g_$n on base;"; }
kind_grant() { up="grant select (w$n) on wide to public;" back="revoke select (w$n) on wide from public;"; }
kind_comment() { up="comment on table wide is 'wide $n';" back="comment on table wide is '$comment';" comment="wide $n"; }
kind_replaced() { up="create or replace function base_function() returns int language sql as 'select 0';" back="create or replace function base_function() returns int language sql as 'select 0';"; }
kind_again_and_again() { up="-- rung: on-change: reapply"$'\n'"create table if not exists i_$n (id int);" back="drop table i_$n;"; }
kind_only_once() { up="-- rung: on-change: reapply"$'\n'"create index on base (label);" back="drop index base_label_idx$([ "$labels" -eq 0 ] || echo "$labels");" labels=$((labels + 1)); }
kind_plain() { up="create index concurrently plain_$n on base (id);" back="drop index concurrently plain_$n;"; }
kind_plain_forgets() { up="create index concurrently plain_$n on base (id); create index concurrently more_$n on base (id);" back="drop index concurrently plain_$n;"; }
kind_plain_half() { up="create index concurrently plain_$n on base (id);" back="drop index concurrently plain_$n; drop index concurrently nothing_$n;"; }
kind_rows() { up="insert into base_rows values ($n);" back="delete from base_rows where id = $n;" verdicts_rows=$((verdicts_rows + 1)); }
kind_rows_stay() { up="insert into base_rows values ($n);" back="select 1;" verdicts_rows=$((verdicts_rows + 1)); }
kind_rows_stay_quietly() { up="insert into base_rows values ($n) on conflict do nothing;" back="select 1;" verdicts_rows=$((verdicts_rows + 1)); }
kind_takes_all_rows() { up="insert into base_rows values ($n);" back="delete from base_rows;" verdicts_rows=$((verdicts_rows + 1)); }
kind_takes_old_rows() { up="create table t_$n (id int);" back="drop table t_$n; truncate base_rows;"; }
kind_needs_rows() { up="do \$\$ begin if (select count(*) from base_rows) <> $verdicts_rows then raise 'rows'; end if; end \$\$; create table t_$n ();" back="drop table t_$n;"; }
kind_calls() { up="select nextval('base_seq');" back="select 1;" verdicts_calls=$((verdicts_calls + 1)); }
kind_needs_calls() { up="do \$\$ begin if (select last_value - (not is_called)::int from base_seq) <> $verdicts_calls then raise 'calls'; end if; end \$\$; create table t_$n ();" back="drop table t_$n;"; }
kind_forgets() { up="create table t_$n (id int); create table more_$n (id int);" back="drop table t_$n;"; }
kind_forgets_type() { up="create type e_$n as enum ('a'); create table t_$n (e e_$n);" back="drop table t_$n;"; }
kind_forgets_quietly() { up="create table if not exists t_$n (id int); create table if not exists more_$n ();" back="drop table t_$n;"; }
kind_sequence_stays() { up="create sequence s_$n; create table t_$n (id int default nextval('s_$n'));" back="drop table t_$n;"; }
kind_grant_stays() { up="grant update (w$n) on wide to public; create table t_$n ();" back="drop table t_$n; revoke select (w$n) on wide from public;"; }
kind_comment_stays() { up="comment on table base is 'base $n'; create table t_$n ();" back="drop table t_$n;"; }
kind_default_stays() { up="alter table base alter label set default 'default $n';" back="select 1;"; }
kind_too_much() { up="create index more_$n on wide (w1);" back="drop index more_$n; alter table wide drop column w2;"; }
kind_another() { up="create table t_$n ();" back="drop table t_$n; drop function base_function();"; }
kind_cascade() { up="create table t_$n ();" back="drop table t_$n; drop table base cascade;"; }
kind_schema() { up="create table t_$n ();" back="drop schema app cascade; create schema app;"; }
kind_older() { up="create table t_$n ();" back="drop table t_$n; alter table wide alter column w3 type text;"; }
kind_older_constraint() { up="create table t_$n ();" back="drop table t_$n; alter table wide add constraint more check (w4 > 0);"; }
kind_older_function() { up="create or replace function base_function() returns int language sql as 'select 0';" back="create or replace function base_function() returns int language sql as 'select 1';"; }
kind_misspelled() { up="create table t_$n ();" back="drop table tt_$n;"; }
kind_no_sql() { up="create table t_$n ();" back="drop tabel t_$n;"; }
kind_wrong_way_round() { up="create table t_$n (id int primary key); create table child_$n (id int references t_$n);" back="drop table t_$n; drop table child_$n;"; }
kind_order() { up="alter table wide drop column w$n;" back="alter table wide add column w$n integer;"; }
kind_another_way() { up="do \$\$ begin if exists (select from seen where id = $n) then create table other_$n (); else create table t_$n (); insert into seen values ($n); end if; end \$\$;" back="drop table if exists t_$n, other_$n;"; }
kind_empty_back() { up="create table t_$n ();" back="-- nothing"; }
kind_no_back() { up="create table t_$n ();" back="-"; }
kind_irreversible() { up="-- rung: irreversible: on purpose"$'\n'"create table t_$n ();" back="-"; }
kind_role_stays() { up="create role r_$n;" back="select 1;"; }
kind_role() { up="create role r_$n; create table t_$n (); grant select on t_$n to r_$n;" back="drop table t_$n; drop role r_$n;" roles+=("$n"); }
kind_role_goes() {
	local old
	if [ "${#roles[@]}" -eq 0 ]; then
		kind_table
		return
	fi
	old=${roles[-1]}
	up="drop owned by r_$old; drop role r_$old;" back="create role r_$old; grant select on t_$old to r_$old;"
	unset 'roles[-1]'
}
kind_role_of_all() {
	up="do \$\$ begin if not exists (select from pg_roles where rolname = 'r_all') then create role r_all; end if; end \$\$; create table t_$n (); grant select on t_$n to r_all;"
	back="drop table t_$n; drop role r_all;"
	if [ -n "$role_of_all" ]; then verdict=down; fi # others have granted it something
	role_of_all=$n
}
kind_setting() { up="do \$\$ begin execute format('alter database %I set rung.setting = %L', current_database(), $n); end \$\$;" back="select 1;" setting=$n; }
kind_needs_setting() { up="do \$\$ begin if current_setting('rung.setting', true) is distinct from '$setting' then raise 'setting'; end if; end \$\$; create table t_$n ();" back="drop table t_$n;"; }

# Kind and verdict, in the order of a first round.
verdicts_kinds='
table passed
rows_stay up-again
needs_rows passed
takes_old_rows passed
needs_rows passed
column passed
function passed
view passed
forgets down-differs
takes_all_rows passed
type passed
too_much down-differs
trigger passed
calls passed
needs_calls passed
cascade down-differs
grant passed
plain passed
plain_half down
comment passed
misspelled down
again_and_again passed
another down-differs
needs_rows passed
only_once not-idempotent
rows passed
wrong_way_round down
plain_forgets down-differs
order down-order
older down-differs
irreversible irreversible
another_way up-again-differs
no_back no-rollback
role passed
schema down-differs
role_of_all passed
role_stays up-again
needs_calls passed
empty_back down-differs
grant_stays down-differs
default_stays down-differs
sequence_stays down-differs
comment_stays down-differs
rows_stay_quietly passed
forgets_type down-differs
forgets_quietly down-differs
replaced passed
older_constraint down-differs
older_function down-differs
no_sql down
setting passed
forgets down-differs
needs_setting passed
role_goes passed
needs_rows passed
'

verdicts_base() {
	echo "create table base (id int primary key, label text default 'label');"
	echo "create table base_rows (id int primary key); create table seen (id int); create sequence base_seq;"
	echo "create schema app; create table app.base (id int);"
	echo "create function base_function() returns int language sql as 'select 0';"
	echo "create function base_trigger() returns trigger language plpgsql as 'begin return new; end';"
	printf 'create table wide (w0 int'
	seq -f ', w%g int' 1 400 | tr -d '\n'
	echo ", last text); comment on table wide is 'wide';"
}

# verdicts_put KIND VERDICT - the next file.
verdicts_put() {
	local name up back verdict=$2
	name=$(printf '%03d_%s' "$n" "$1")
	"kind_$1"
	echo "$up" >"schema/$name.sql"
	if [ "$back" != - ]; then echo "$back" >"rollback/rollback_$name.sql"; fi
	echo "$name $verdict" >>expected
	n=$((n + 1))
}

# Rounds after the first are in another order, the same each time.
verdicts_make() {
	local n=2 labels=0 round=0 comment=wide setting='' role_of_all='' roles=() kinds
	verdicts_base >schema/001_base.sql
	echo 'drop schema app cascade; drop table wide, base, base_rows, seen; drop sequence base_seq; drop function base_function, base_trigger;' \
		>rollback/rollback_001_base.sql
	echo '001_base passed' >expected
	while :; do
		kinds=$(grep . <<<"$verdicts_kinds")
		if [ "$round" -gt 0 ]; then kinds=$(shuf --random-source=<(yes "$round") <<<"$kinds"); fi
		round=$((round + 1))
		while read -r kind verdict; do
			verdicts_put "$kind" "$verdict"
			if [ "$n" -gt "$1" ]; then return; fi
		done <<<"$kinds"
	done
}

# --- psql's verdict ------------------------------------------------------------

psql_runs() {
	local mode=-1
	if grep -qi concurrently "$1"; then mode=-q; fi
	psql -Xq "$mode" -v ON_ERROR_STOP=1 -o /dev/null -d "$url" -f "$1" >>psql.log 2>&1
}

psql_dump() { pg_dump -s -d "$url" | grep -Ev '^(--|$|\\(un)?restrict |SET |SELECT pg_catalog.set_config)'; }

# A new database, and no roles of an earlier one, with the first $1 files.
psql_ups() {
	local arguments=() file
	url=$(server_url "$server" verdicts)
	psql -XAtq -v ON_ERROR_STOP=1 -d "$(server_url "$server")" >>psql.log 2>&1 <<-'SQL' || return
		drop database if exists verdicts;
		select format('drop role %I', rolname) from pg_roles where rolname like 'r\_%' \gexec
		create database verdicts template template0;
	SQL
	for file in "${files[@]:0:$1}"; do
		arguments+=(-f "$file")
		if [[ $file = *_setting.sql ]]; then psql_all || return; fi # sessions that are open do not see it
	done
	psql_all
}

psql_all() {
	if [ "${#arguments[@]}" -eq 0 ]; then return; fi
	psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -d "$url" "${arguments[@]}" >>psql.log 2>&1 || return
	arguments=()
}

lines_in_any_order() { sed 's/,$//' | sort; }

# psql_verdict AT - of the file with that index.
psql_verdict() {
	local file=${files[$1]} back before after
	back=rollback/rollback_${file#schema/}
	psql_ups "$1" || { echo "the ups fail"; return; }
	before=$(psql_dump)
	psql_runs "$file" || { echo up; return; }
	after=$(psql_dump)
	psql_way_back "$file" "$back" || return 0
	if grep -q 'on-change: reapply' "$file"; then
		psql_ups $(($1 + 1))
		{ psql_runs "$file" && [ "$(psql_dump)" = "$after" ]; } || { echo not-idempotent; return; }
	fi
	echo passed
}

# Fails where it has said a verdict.
psql_way_back() {
	local back
	if [ ! -e "$2" ]; then
		if grep -q 'rung: irreversible' "$1"; then echo irreversible; else echo no-rollback; fi
		return 1
	fi
	psql_runs "$2" || { echo down; return 1; }
	back=$(psql_dump)
	if [ "$back" != "$before" ]; then
		if [ "$(lines_in_any_order <<<"$back")" = "$(lines_in_any_order <<<"$before")" ]; then
			echo down-order
		else
			echo down-differs
		fi
		return 1
	fi
	psql_runs "$1" || { echo up-again; return 1; }
	[ "$(psql_dump)" = "$after" ] || { echo up-again-differs; return 1; }
}

verdicts_of_psql() {
	local server=$1 url files=(schema/*.sql) at
	for at in "${!files[@]}"; do
		echo "$(basename "${files[$at]}" .sql) $(psql_verdict "$at")"
	done >by_psql
	psql -XAtq -d "$(server_url "$server")" -c 'drop database if exists verdicts'
}

# --- the program's -------------------------------------------------------------

# shellcheck disable=SC2154 # run_rung sets it
verdicts_of_rung() {
	jq -r 'select(.type == "verdict") | "\(.name) \(.kind // .verdict)"' <<<"$output"
}
