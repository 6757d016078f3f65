# Component files that are edited in place: what a second run of the file cannot change is told, or made.

load ../lib/rung

# core LINE… - schema/01_core.sql with these lines in the table.
core() {
	local line text=''
	for line in "$@"; do text+=", $line"; done
	migration 01_core <<-SQL
		-- rung: on-change: ${ON_CHANGE:-reapply}
		create table if not exists models (id integer primary key$text);
		create or replace view names as select id from models;
	SQL
	rollback_of 01_core <<<'drop view if exists names; drop table if exists models;'
}

applied() {
	core "$@"
	migration 02_more <<<'create table more (id integer primary key);'
	rollback_of 02_more <<<'drop table more;'
	run_rung upgrade
	assert_status 0
}

findings() { grep -F '[differs]' <<<"$output" | sed 's/ \[differs\]$//'; }

# --- reapply --------------------------------------------------------------------------

@test "what a file says and running it again did not make is named by upgrade and check" {
	applied 'name text' 'old integer'
	run_rung check
	assert_status 0
	core 'name varchar(9)' "status text not null default 'new'" 'check (status <> name)'
	run_rung upgrade
	assert_status 0
	assert_errors_contain "column public.models.status is in schema/01_core.sql and not in the database"
	assert_errors_contain "column public.models.old is in the database and in no file"
	assert_errors_contain "on-change: converge"
	run_rung check
	assert_status 3
	assert_equal "$(findings)" "column public.models.name in schema/01_core.sql differs from the database: type is character varying(9) there and text in the database
column public.models.old is in the database and in no file
column public.models.status is in schema/01_core.sql and not in the database
constraint public.models.models_check is in schema/01_core.sql and not in the database"
}

@test "the comparison needs a scratch server, is said to be missing without one, and can be turned off" {
	applied
	mkdir nothing
	core status
	sed -i 's/, status/, status text/' schema/01_core.sql
	run_rung upgrade --pg-bindir "$PROJECT/nothing"
	assert_status 0
	assert_equal "$(grep -c warning <<<"$errors")" 1
	[[ $errors =~ "was not compared with what the files make: ".*initdb ]]
	run_rung check --pg-bindir "$PROJECT/nothing"
	assert_status 0
	assert_errors_contain "was not compared with what the files make"
	run_rung check --no-compare
	assert_status 0
	refute_errors_contain compared
	run_rung check --json
	assert_status 3
	assert_equal "$(jq -r 'select(.rule == "differs") | [.version, .change, .kind, .identity] | join(" ")' <<<"$output")" \
		"1 removed column public.models.status"
	# With the ALTER in the file it is made, and nobody looks again where nothing was applied twice.
	sed -i '/^create or/i alter table models add column if not exists status text;' schema/01_core.sql
	run_rung upgrade
	assert_status 0
	refute_errors_contain warning
	run_rung check
	assert_status 0
	migration 03_last <<<'create table last (id integer primary key);'
	rollback_of 03_last <<<'drop table last;'
	run_rung upgrade --pg-bindir "$PROJECT/nothing"
	assert_status 0
	refute_errors_contain compared
}

# --- converge -------------------------------------------------------------------------

@test "an edited file converges: the plan shows the statements, the log keeps them and how to undo them" {
	local ON_CHANGE=converge
	applied 'name text' 'old integer'
	export RUNG_DRIFT_IGNORE=by_hand
	sql "create index by_hand on more (id); insert into models values (1, 'one', 1)"
	core 'name varchar(9)' "status text not null default 'new'" 'check (status <> name)'
	sed -i '/^create or/i create index if not exists models_status on models (status);' schema/01_core.sql
	# Not without permission: the column has data.
	assert_refused 3 upgrade
	assert_errors_contain "ALTER TABLE public.models DROP COLUMN old"
	assert_errors_contain "--allow data-loss"
	run_rung upgrade --dry-run --allow data-loss
	assert_status 0
	assert_output_matches '01_core +converge'
	assert_output_contains "ADD COLUMN status text"
	assert_sql "select count(*) from pg_attribute where attrelid = 'models'::regclass and attname = 'status'" 0
	assert_refused 3 upgrade
	advised 'rung upgrade --allow data-loss'
	run_rung upgrade
	assert_output_contains "nothing to do"
	assert_sql "select name, status from models" "one|new"
	assert_sql "select to_regclass('by_hand') is not null, to_regclass('models_status') is not null" "t|t"
	run_rung check
	assert_status 0
	run_rung log --verify
	assert_status 0
	run_rung log --json
	assert_equal "$(jq -r 'select(.action == "converge") | .name' <<<"$output")" 01_core
	[[ $(jq -r 'select(.action == "converge").sql' <<<"$output") == *"DROP COLUMN old"* ]]
	[[ $(jq -r 'select(.action == "converge").sql_back' <<<"$output") == *"ADD COLUMN old integer"* ]]
	assert_equal "$("$RUNG" show 1 --sql=converged)" "$(jq -rj 'select(.action == "converge").sql' <<<"$output")"
	assert_equal "$("$RUNG" show 1 --sql=unconverge)" "$(jq -rj 'select(.action == "converge").sql_back' <<<"$output")"
	assert_refused 3 show 2 --sql=converged
	# The project's rollback still takes it back.
	run_rung downgrade base --force
	assert_status 0
	assert_sql "select to_regclass('models') is null" t
}

@test "rung test converges the files of the last commit, and compares with a new database" {
	local ON_CHANGE=converge
	core 'name text' 'old integer'
	migration 02_more <<<'create table more (id integer primary key);'
	rollback_of 02_more <<<'drop table more;'
	run_rung test
	assert_status 0
	assert_errors_contain "git has no earlier version of them"
	git init -q && git add . && git -c user.name=t -c user.email=t@t commit -qm one
	core 'name varchar(9)' "status text not null default 'new'"
	run_rung test
	assert_status 0
	assert_output_matches 'converge from [0-9a-f]{10} .*same as new'
	# A view that no file has any more is nobody's to drop: the database keeps it.
	sed -i '/^create or/d' schema/01_core.sql
	run_rung test
	assert_status 3
	assert_output_contains "[converge-differs]"
	assert_output_contains "view public.names"
}

@test "what cannot converge is refused, and leaves the database as it was" {
	local ON_CHANGE=converge before
	applied 'name text'
	sql "insert into models values (1, null)"
	before=$(dump_schema)
	# same STATUS WORDS - the upgrade is refused so, and nothing is changed.
	same() {
		run_rung upgrade --lock-wait 1s
		assert_status "$1"
		assert_errors_contain "$2"
		assert_equal "$(dump_schema)" "$before"
		assert_sql "select count(*) from schema_version_log where action = 'converge' and outcome = 'done'" 0
	}
	core 'name text not null' # a row stands in the way
	same 1 'column "name" of relation "models" contains null values'
	assert_errors_contain "a migration of its own"
	core 'name text' 'size integer'
	coproc psql -XAtq -d "$DATABASE_URL"
	local holder=$COPROC_PID
	echo "begin; lock table models in access share mode; select 'held';" >&"${COPROC[1]}"
	read -r <&"${COPROC[0]}"
	same 4 "models"
	kill "$holder"
	wait "$holder" || true
	mkdir nothing
	RUNG_PG_BINDIR=$PROJECT/nothing same 2 initdb
	sed -i '1i -- rung: transaction: none' schema/01_core.sql
	same 2 "cannot converge"
	core 'name text' 'size integer'
	# On a new database there are no rows yet.
	echo 'do $$ begin if exists (select from models) then alter table models drop size; end if; end $$;' >>schema/01_core.sql
	same 3 "the database is not what the file describes"
	assert_errors_contain "column public.models.size"
}

@test "several files, a rename, a hostile search_path, a role without rights, and a pooler" {
	local ON_CHANGE=converge role=weak_${TEST_DATABASE#t_}
	applied 'name text'
	migration 04_last <<<$'-- rung: on-change: converge\ncreate table if not exists last (id integer primary key);'
	rollback_of 04_last <<<'drop table if exists last;'
	run_rung upgrade
	sql "insert into models values (1, 'one'); create schema evil; create function evil.now() returns timestamptz language sql as 'select null::timestamptz';
		alter database \"$TEST_DATABASE\" set search_path = evil, public, pg_catalog"
	# One of each: 01 converges, 03 is new, 04 needs what 03 makes.
	core $'title text -- rung: renamed-from name\n' 'at timestamptz default pg_catalog.now()'
	migration 03_kind <<<"create type public.kind as enum ('a');"
	rollback_of 03_kind <<<'drop type public.kind;'
	migration 04_last <<<$'-- rung: on-change: converge\ncreate table if not exists public.last (id integer primary key, k public.kind);'
	sed -i 's/exists models/exists public.models/; s/view names/view public.names/; s/from models/from public.models/' schema/01_core.sql
	run_rung upgrade --dry-run --out-of-order
	assert_status 0
	assert_output_contains "RENAME COLUMN name TO title"
	assert_errors_contain "the statements that converge 04_last are known only after the steps before it"
	assert_refused 2 upgrade --single-transaction --out-of-order
	run_rung upgrade --out-of-order
	assert_status 0
	assert_sql "select title, at is not null from public.models" "one|t"
	assert_sql "select count(*) from pg_attribute where attrelid = 'public.last'::regclass and attname = 'k'" 1
	run_rung check
	assert_status 0
}

@test "deployers at once, a role without rights, and a transaction pooler" {
	local ON_CHANGE=converge role=weak_${TEST_DATABASE#t_}
	applied 'name text'
	sql "create role $role login; grant all on all tables in schema public to $role; grant usage, create on schema public to $role"
	core 'name text' 'size integer'
	run_rung upgrade --database-url "$(sed "s|//postgres@|//$role@|" <<<"$DATABASE_URL")"
	[ "$status" -ne 0 ]
	assert_sql "select count(*) from pg_attribute where attrelid = 'models'::regclass and attname = 'size'" 0
	start_rung upgrade
	run_rung upgrade
	assert_status 0
	finish_rung
	assert_status 0
	assert_sql "select count(*) from schema_version_log where action = 'converge' and outcome = 'done'" 1
	sql "drop owned by $role; drop role $role"
	pgbouncer_start transaction
	unset DIRECT_URL
	core 'name text' 'size bigint'
	run_rung upgrade
	assert_status 0
	assert_sql "select atttypid::regtype from pg_attribute where attrelid = 'models'::regclass and attname = 'size'" bigint
}

@test "the scripts that psql runs converge as well" {
	local kind
	export ON_CHANGE=converge
	for kind in --sql --sql=brief; do
		applied
		core 'name text'
		run_rung upgrade "$kind"
		assert_status 0
		psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f - <<<"$output" >/dev/null
		assert_sql "select count(*) from pg_attribute where attrelid = 'models'::regclass and attname = 'name'" 1
		run_rung check
		assert_status 0
		run_rung downgrade base --force
		assert_status 0
	done
}
