# diff: two schemas, whatever they are made of, and what differs between them.

load ../lib/rung

setup() {
	rung_setup
	SERVER=$(server_url main postgres)
	migration 01_items <<<'create table items (id int primary key, note text); create index on items (note);'
	rollback_of 01_items <<<'drop table items;'
	migration 02_view <<<$'create view notes as select note from items;\ncreate schema app; create table app.t (a int);'
	rollback_of 02_view <<<'drop table app.t; drop schema app; drop view notes;'
}

# diff_there ARGS… - what differs, on the test's own server; nothing may be left there, and DATABASE_URL stays as it is.
diff_there() {
	local before
	before=$(database_state)
	run_rung diff --tree "$@" --server "$SERVER"
	assert_equal "$(database_state)" "$before" "the database was changed"
	assert_sql "select count(*) from pg_database where datname like 'rung_scratch%' and datname not in
		(select datname from pg_stat_activity where datname is not null)" 0
}

same() {
	diff_there "$@"
	assert_status 0
	assert_output_matches "are the same$"
}

@test "migrations and a database that somebody changed" {
	run_rung upgrade
	same schema live --exit-code
	same live schema
	sql "alter table items alter id type bigint, drop column note cascade; create table other (x int, y int);
	     comment on table app.t is 'hi'; drop table app.t; drop schema app; create function f() returns int language sql as \$\$
	     select 1\$\$"
	diff_there schema live
	assert_status 0
	assert_output "- schema app
  - table app.t (1 column)
schema public
  + function public.f()
  table public.items
    ~ column id  type: integer -> bigint
    - column note (text)
    - index items_note_idx (USING btree (note))
  + table public.other (2 columns)
  - view public.notes (1 column)
4 added, 1 changed, 7 removed"
	diff_there live schema --exit-code --ignore owner,acl
	assert_status 3
	assert_output_contains "+ view public.notes (1 column)"
	assert_errors_contain "7 added, 1 changed, 4 removed"
	diff_there schema live --json
	assert_equal "$(jq -c 'select(.type == "change" and .change == "changed") | [.kind, .identity, .facts]' <<<"$output")" \
		'["column","public.items.id",[{"name":"type","before":"integer","after":"bigint"}]]'
	assert_equal "$(jq -c 'select(.identity == "public.other.y") | [.change, .facts[1]]' <<<"$output")" \
		'["added",{"name":"type","before":null,"after":"integer"}]'
	assert_equal "$(jq -c 'select(.type == "done") | .count' <<<"$output")" 12
	diff_there schema live --verbose
	assert_output_contains "    + column y (integer)"
	diff_there schema live --colour always
	assert_output_contains $'\e[32m+\e[0m function public.f()'
	# Some of it only.
	diff_there schema live --schemas 'a*' --json
	assert_equal "$(jq -c 'select(.type == "change") | .identity' <<<"$output" | paste -sd' ')" '"app" "app.t" "app.t.a"'
	diff_there schema live --exclude-schemas app --exclude 'items,o*r,public.notes' --exit-code
	assert_output "schema public
  + function public.f()"
	assert_status 3
	same schema live --schemas nowhere
	same schema@01 schema --exclude notes --exclude-schemas app
	diff_there schema live --exclude '(' --exit-code
	assert_status 2
	assert_errors_contain 'cannot understand the pattern "("'
	sql "create table parts (a int) partition by range (a); create table parts_1 partition of parts for values from (1) to (2);"
	diff_there empty live --schemas public --ignore-partitions-of 'p?rts'
	assert_output_contains "+ table public.parts (1 column)"
	refute_output_contains "parts_1"
}

@test "SQL in any order" {
	mkdir -p desired/z desired/.git
	cat >desired/a.sql <<-'SQL'
		begin;
		create view notes as select note from items;
		create function count_of(int) returns bigint language sql as 'select count(*) from items where id = $1';
		create table app.t (a int);
		insert into items values (1);
		with x as (select 1) insert into items select * from x;
		commit;
	SQL
	echo "set local search_path = app; create table more (a int); alter table t owner to \"role of $TEST_DATABASE\";" >desired/b.sql
	echo 'create table items (id int primary key, note text); create index on items (note);' >desired/z/c.sql
	printf 'create schema app;\n\\ir z/c.sql\ncopy items from stdin;\n1\n\\.\n' >desired/z.sql
	echo 'nonsense' >desired/.git/x.sql
	diff_there schema desired
	assert_status 1
	assert_errors_contain "desired/b.sql:1:57: error: role \"role of $TEST_DATABASE\" does not exist (42704)"
	assert_errors_contain "CREATE ROLE \"role of $TEST_DATABASE\" NOLOGIN"
	assert_errors_contain 'while loading "desired"'
	# A server of our own has it made.
	run_rung diff schema desired --exit-code --tree
	assert_status 3
	assert_output "schema app
  + table app.more (1 column)
  ~ table app.t  owner: postgres -> \"role of $TEST_DATABASE\"
schema public
  + function public.count_of(integer)"
	assert_errors_contain "warning: desired/a.sql:5: rows are not part of a schema: 3 statements that write them were left out"
	sed -i 's/alter table t owner.*//' desired/b.sql
	echo "create function twice() returns int language sql as \$\$ select a from nowhere \$\$;" >desired/d.sql
	diff_there schema desired
	assert_status 1
	assert_errors_contain 'desired/d.sql:1:70: error: relation "nowhere" does not exist (42P01)'
	assert_errors_contain 'while checking bodies of routines in "desired"'
	printf 'create table p (a int,\n  b nosuch);\ncreate view on_p as select * from p;\ncreate tabel q (a int);\n' >desired/d.sql
	diff_there desired schema
	assert_status 1
	assert_errors_contain 'desired/d.sql:4:8: error: syntax error at or near "tabel" (42601)'
	assert_errors_contain 'desired/d.sql:2:5 failed too: type "nosuch" does not exist'
	assert_errors_contain 'desired/d.sql:3:35 failed too: relation "p" does not exist'
	same empty desired/z/c.sql --exclude items
}

@test "a revision of git" {
	run_rung diff git:HEAD schema
	assert_status 2
	assert_errors_contain "not a git repository"
	git init -q .
	printf '\\ir ../parts/more.sql\n' >>schema/02_view.sql
	mkdir parts
	echo 'create table more (a int);' >parts/more.sql
	git add schema rollback parts && git -c user.name=t -c user.email=t@example.org commit -qm "as it is"
	same git:HEAD schema
	echo 'create table later (a int);' >parts/more.sql
	migration 03_app <<<'alter table app.t add b int;'
	rollback_of 03_app <<<'alter table app.t drop b;'
	diff_there git:HEAD schema
	assert_output "schema app
  table app.t
    + column b (integer)
schema public
  + table public.later (1 column)
  - table public.more (1 column)
3 added, 2 removed"
	diff_there git:nowhere live
	assert_status 2
	assert_errors_contain 'while looking at the revision "nowhere"'
	git rm -rqf --cached schema && git -c user.name=t -c user.email=t@example.org commit -qm "without"
	diff_there git:HEAD live
	assert_status 2
	assert_errors_contain 'the revision "HEAD" has no files in schema'
	assert_equal "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'rung-git-*' -newer "$PROJECT/parts/more.sql")" ""
}

@test "extensions are where the other side has them" {
	sql "create schema \"Ext\"; create extension pgcrypto schema \"Ext\"; create extension hstore"
	migration 01_items <<<"create extension if not exists pgcrypto; create table items (id int, k text default digest('a', 'md5')::text);"
	migration 02_view <<<"create view notes as select 1 as a;"
	sql "create table items (id int, k text default \"Ext\".digest('a', 'md5')::text); create view notes as select 1 as a"
	diff_there live schema
	assert_output "- extension hstore
1 removed"
	# Taken for granted, and by name.
	migration 02_view <<<"create table h (a hstore);"
	sql "drop view notes; create table h (a hstore)"
	same live schema
	echo "create extension pgcrypto; create table items (id int, k text default \"Ext\".digest('a', 'md5')::text); create table h (a hstore)" >all.sql
	same live all.sql
	echo "create extension nosuch;" >all.sql
	diff_there live all.sql
	assert_status 1
	assert_errors_contain "does not have the extension \"nosuch\""
	assert_errors_contain "-nosuch), or name a server that has it: --server URL."
	# What an extension keeps in its own schema is its own.
	migration 02_view <<<"create table h (a hstore);"
	sql "create schema cron; create table cron.job (a int)"
	sql "insert into pg_depend select 'pg_namespace'::regclass, 'cron'::regnamespace, 0, 'pg_extension'::regclass, oid, 0, 'e' from pg_extension where extname = 'hstore'"
	same live schema
	assert_errors_contain "schema cron is left alone: it belongs to an extension"
}

@test "refusals" {
	diff_there live nowhere.sql
	assert_status 2
	assert_errors_contain 'there is no file or directory "nowhere.sql"'
	assert_errors_contain "Each side is live, schema, schema@NN, git:REF, empty, desired, command:COMMAND, a connection string, or a file"
	diff_there schema@ live
	assert_status 2
	assert_errors_contain "schema@12"
	diff_there schema@07 live
	assert_status 2
	assert_errors_contain "07"
	mkdir bare
	diff_there live bare
	assert_status 2
	assert_errors_contain 'there is no .sql file in "bare"'
	diff_there live "postgresql://user:secret@localhost:1/nowhere"
	assert_status 4
	refute_errors_contain secret
	run_rung diff live
	assert_status 2
	DATABASE_URL="" run_rung diff schema live --server "$SERVER"
	assert_status 2
	assert_errors_contain "DATABASE_URL"
	run_rung diff schema live --pg-bindir "$PROJECT/bare"
	assert_status 2
	assert_errors_contain "while starting the scratch server"
	migration 02_view <<<$'select 1;\ncreate view v as select nope;'
	diff_there schema live
	assert_status 1
	assert_errors_contain 'schema/02_view.sql:2:25: error: column "nope" does not exist'
	sql "insert into pg_depend values ('9999', 99999, 0, 'pg_namespace'::regclass, 'public'::regnamespace, 0, 'n')"
	same live live
	assert_errors_contain "not compared, because rung does not know its kind: object 99999 of catalog 9999"
	diff_there live live --strict
	assert_status 3
	sql "delete from pg_depend where classid = 9999"
}

@test "two major versions are not compared" {
	local first=$DATABASE_URL
	server_start_other 12
	run_rung diff "$first" live
	assert_status 2
	assert_errors_match 'is PostgreSQL [0-9]+, and .* is PostgreSQL 12'
	run_rung diff schema live --server "$SERVER"
	assert_status 2
	assert_errors_contain "the scratch server is PostgreSQL"
	# Without --server the scratch server is like the database.
	"$RUNG" upgrade >/dev/null 2>&1
	run_rung diff schema live
	assert_status 2
	assert_errors_contain "Or name a server of PostgreSQL 12 to try it on: --server URL."
	run_rung diff schema live --pg-bindir "$(server_other_bindir 12)"
	assert_status 0
	assert_output_matches "are the same$"
}

@test "a role with few rights" {
	local role=few_$TEST_DATABASE
	run_rung upgrade
	sql "create role $role login"
	DATABASE_URL=${DATABASE_URL/postgres@/$role@}
	run_rung diff schema live --exit-code
	assert_status 0
	assert_output_matches "are the same$"
	run_rung diff live schema --server "$DATABASE_URL"
	assert_status 1
	assert_errors_contain "permission denied to create database"
	DATABASE_URL=${DATABASE_URL/$role@/postgres@}
	sql "drop role $role"
}

# --- the SQL -------------------------------------------------------------------

apply() { psql -1 -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f "$1"; }

@test "SQL that leads to the other side, and back" {
	run_rung upgrade
	sql "drop view notes; insert into items values (1, 'a')"
	cat >desired.sql <<-'SQL'
		create table items (id bigint primary key, note text not null default '', price numeric(8,2) check (price > 0));
		create schema app;
		create table app.t (a int, item bigint references items);
		create function total() returns numeric language sql as 'select sum(price) from items';
		create view app.prices as select id, price from items where price > total() and old() > 0;
		create function old() returns int language sql as 'select count(*)::int from app.t';
		grant select on items to public;
	SQL
	run_rung diff live desired.sql --server "$SERVER"
	assert_status 0
	assert_errors_contain "proved on PostgreSQL"
	assert_errors_contain "tables that got rows and kept them: 2"
	assert_output_contains "-- rewrites public.items"
	printf '%s\n' "$output" >up.sql
	run_rung diff live desired.sql --up other.sql --down down.sql --server "$SERVER"
	assert_status 0
	assert_output ""
	assert_equal "$(cat other.sql)" "$(cat up.sql)"
	# For programs the same, statement by statement, behind what differs.
	run_rung diff live desired.sql --json --server "$SERVER"
	assert_equal "$(jq -r 'select(.direction == "up") | .sql + ";"' <<<"$output")" "$(grep -v '^-- ' up.sql)"
	assert_equal "$(jq -r 'select(.direction == "down") | .sql + ";"' <<<"$output")" "$(grep -v '^-- ' down.sql)"
	assert_equal "$(jq -c 'select(.type == "statement") | keys_unsorted' <<<"$output" | sort -u)" \
		'["v","type","direction","part","sql","kind","identity","hazards"]'
	assert_equal "$(jq -c 'select(.direction == "up" and .identity == "public.items.id") | [.part, .kind, .hazards]' <<<"$output")" \
		'[1,"column",["rewrite"]]'
	assert_equal "$(jq -r .type <<<"$output" | uniq | paste -sd' ')" "change statement note done"
	pg_dump -s -d "$DATABASE_URL" | grep -v restrict >before
	apply up.sql
	same live desired.sql --exit-code
	apply down.sql
	pg_dump -s -d "$DATABASE_URL" | grep -v restrict >after
	assert_equal "$(sort after)" "$(sort before)"
	assert_sql "select * from items" "1|a"
	# Nothing to do is no file.
	run_rung diff live live --up none.sql
	assert_output_matches "are the same$"
	[ ! -e none.sql ]
	run_rung diff desired.sql empty --no-proof --server "$SERVER" --exit-code
	assert_status 3
	assert_output_contains "DROP TABLE public.items"
	assert_errors_contain "not proved"
}

@test "renamed objects keep their rows" {
	mkdir desired
	cat >desired/all.sql <<-'SQL'
		-- rung: renamed-from items
		create table things (
			id int primary key,
			-- rung: renamed-from note
			remark text
		);
		alter table things rename constraint things_pkey to items_pkey;
		create index items_note_idx on things (remark);
		create view notes as select remark as note from things;
		create schema app;
		create table app.t (b int); -- rung: renamed-from u
	SQL
	run_rung upgrade
	sql "insert into items values (1, 'kept'); insert into app.t values (7)"
	run_rung diff live desired --rename column:app.t.a=b --up up.sql --down down.sql --server "$SERVER"
	assert_status 0
	assert_errors_contain "renamed: ALTER TABLE public.items RENAME TO things"
	assert_errors_contain "3 renamed"
	psql -XAtq1 -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f up.sql
	assert_sql "select remark, b from things, app.t" "kept|7"
	run_rung diff live desired --rename column:app.t.a=b --exit-code --server "$SERVER"
	assert_status 0
	psql -XAtq1 -v ON_ERROR_STOP=1 -d "$DATABASE_URL" -f down.sql
	assert_sql "select note, a from items, app.t" "kept|7"
	assert_refused 2 diff live desired --rename a=b --server "$SERVER"
	run_rung diff schema@01 schema@01 --rename table:no=never --server "$SERVER"
	assert_status 0
	assert_errors_contain 'there is no table "no" to be renamed to "never"'
}

@test "whatever can be renamed" {
	cat >a.sql <<-'SQL'
		create schema app; create type app.e as enum ('it''s', 'b'); create type app.c as (x int, y int);
		create domain app.d as text; create table app.t (a int, b app.e, constraint k check (a > 0));
		create index i on app.t (a); create view app.v as select a from app.t;
		create materialized view app.m as select 1 as one; create sequence app.s;
		create function app.f(x int) returns int language sql as 'select 1';
		create function app.tf() returns trigger language plpgsql as $$ begin return new; end $$;
		create trigger g before insert on app.t for each row execute function app.tf();
		create policy p on app.t using (true);
		create rule r as on delete to app.t do also select 1 as one;
	SQL
	cat >b.sql <<-'SQL'
		create schema app2; -- rung: renamed-from app
		create type app2.e2 as enum ( -- rung: renamed-from e
			'a2', -- rung: renamed-from 'it''s'
			'b');
		create type app2.c2 as ( -- rung: renamed-from c
			x2 int, -- rung: renamed-from x
			y int);
		create domain app2.d2 as text; -- rung: renamed-from d
		create table app2.t2 ( -- rung: renamed-from t
			a2 int, -- rung: renamed-from a
			b app2.e2,
			constraint k2 check (a2 > 0) -- rung: renamed-from k
		);
		create index i2 on app2.t2 (a2); -- rung: renamed-from i
		create view app2.v2 as select a2 as a from app2.t2; -- rung: renamed-from v
		create materialized view app2.m2 as select 1 as one; -- rung: renamed-from m
		create sequence app2.s2; -- rung: renamed-from s
		create function app2.f2(x int) returns int language sql as 'select 1'; -- rung: renamed-from f
		create function app2.tf() returns trigger language plpgsql as $$ begin return new; end $$;
		create trigger g2 before insert on app2.t2 for each row execute function app2.tf(); -- rung: renamed-from g
		create policy p2 on app2.t2 using (true); -- rung: renamed-from p
		create rule r2 as on delete to app2.t2 do also select 1 as one; -- rung: renamed-from r
	SQL
	run_rung diff a.sql b.sql --server "$SERVER"
	assert_status 0
	assert_errors_contain "17 renamed"
	assert_equal "$(grep -vc '^ALTER .* RENAME ' <<<"$output")" 0 "$output"
}

@test "what was changed by hand becomes a migration" {
	local other
	other=$(server_url main "${TEST_DATABASE}_other")
	database_create "$SERVER" "${TEST_DATABASE}_other"
	run_rung upgrade
	run_rung export --from "$DATABASE_URL" --server "$SERVER"
	assert_status 0
	assert_output_contains "CREATE TABLE public.items"
	psql -XAtq -v ON_ERROR_STOP=1 -d "$other" -c "$output"
	psql -XAtq -d "$other" -c "drop view notes; drop table app.t; drop schema app; alter table items add extra int"
	run_rung create "as elsewhere" --from "$other" --allow data-loss --server "$SERVER"
	assert_status 0
	assert_equal "$(grep -c 'ADD COLUMN extra' schema/03_as_elsewhere.sql)" 1
	rm schema/03* rollback/*03*
	sql "alter table items add tags int[]; create view part as select tags[id:id + 1] as some from items"
	run_rung create "by hand" --from live --server "$SERVER"
	assert_status 0
	advised 'rung stamp head'
	run_rung status
	assert_output_contains "Pending   0"
	same live schema
	run_rung downgrade --force
	assert_status 0
	run_rung upgrade
	assert_status 0
	same live schema
}

@test "what only one side has and no schema can say is left alone, and named" {
	local name=only_$RANDOM
	sql "create subscription $name connection 'dbname=nowhere password=hush' publication p with (connect = false, slot_name = none);
	     create foreign data wrapper w; create server s foreign data wrapper w;
	     create user mapping for current_user server s options (user 'me', password 'hush')"
	run_rung upgrade
	run_rung diff schema live --server "$SERVER"
	assert_status 0
	assert_output_contains "CREATE SERVER s"
	refute_output_contains "MAPPING"
	for verb in "diff schema live" "diff live schema" export "create x --from live"; do
		# shellcheck disable=SC2086 # words
		run_rung $verb --server "$SERVER"
		assert_errors_contain "warning: subscription $name is left alone: it is in"
		assert_errors_contain "warning: user mapping for postgres server s is left alone: it is in"
		refute_errors_contain hush
		refute_output_contains hush
	done
	assert_output_contains "created schema/03_x.sql"
	sql "drop subscription $name"
}

@test "a migration from a schema that is wanted" {
	mkdir desired
	cat >desired/all.sql <<-'SQL'
		create table items (id int primary key, remark text, -- rung: renamed-from note
			tags text[] not null default '{}');
		create index items_note_idx on items (remark);
		create view notes as select remark as note from items;
	SQL
	run_rung create "drop app" --from desired --server "$SERVER"
	assert_status 3
	assert_errors_contain "1 statement would lose data"
	assert_errors_contain "DROP TABLE app.t"
	assert_equal "$(ls schema | wc -l)" 2 "files were written"
	run_rung create "tags and remarks" --from desired --allow data-loss --server "$SERVER"
	assert_status 0
	assert_equal "$(ls schema)" $'01_items.sql\n02_view.sql\n03_tags_and_remarks.sql'
	run_rung upgrade
	assert_status 0
	same live desired
	run_rung create "again" --from desired --server "$SERVER"
	assert_status 0
	assert_output_contains "nothing to write"
	run_rung downgrade --force
	assert_status 0
	same live schema@02
	assert_refused 2 create x --from desired --allow everything
	cat >desired/all.sql <<<"create type e as enum ('a'); create table x (e e default 'a');"
	run_rung create "an enum" --from desired --allow data-loss --server "$SERVER"
	assert_status 0
	cat >desired/all.sql <<<"create type e as enum ('a', 'b'); create table x (e e default 'b');"
	run_rung diff schema desired --up up.sql --down down.sql
	assert_equal "$(ls up*.sql)" $'up.sql\nup_2.sql'
}

@test "SQL that cannot be proved is a draft" {
	local draft
	run_rung upgrade
	sql "update pg_class set reloptions = '{nonsense=1}' where relname = 'items'"
	run_rung diff schema live --server "$SERVER" --up up.sql
	assert_status 1
	assert_errors_contain 'unrecognized parameter "nonsense"'
	assert_errors_contain "while proving the SQL up, in the statement"
	[ ! -e up.sql ]
	draft=$(sed -n 's/.*The draft is in \([^ ]*\) (up.sql, down.sql).*/\1/p' <<<"$errors")
	grep -q "nonsense" "$draft/up.sql"
	rm -r "$draft"
	run_rung diff schema live --server "$SERVER" --up up.sql --no-proof
	assert_status 0
	grep -q "nonsense" up.sql
}

@test "a role that may only look gets proved SQL" {
	local role=few_$TEST_DATABASE
	run_rung upgrade
	sql "create role $role login; create table more (a int)"
	DATABASE_URL=${DATABASE_URL/postgres@/$role@} run_rung diff live schema
	assert_status 0
	assert_output "-- loses data
DROP TABLE public.more;"
	assert_errors_contain "proved on PostgreSQL"
	sql "drop role $role"
}

@test "the schema as SQL, in one file or many" {
	run_rung upgrade
	sql "create function total() returns bigint language sql as 'select count(*) from items'; create table app.\"Odd Name\" (a int references items);
	     alter table items add c int references items; comment on table app.t is 'it''s'; create type app.mood as enum ('a', 'b')"
	run_rung export --server "$SERVER"
	assert_status 0
	printf '%s\n' "$output" >one.sql
	same live one.sql --exit-code
	run_rung export two.sql --server "$SERVER" --no-proof
	assert_status 0
	assert_output ""
	same empty two.sql --schemas nothing
	run_rung export --dir many --server "$SERVER"
	assert_status 0
	assert_equal "$(find many -type f | sort | paste -sd' ')" \
		"many/app/enum/mood.sql many/app/table/Odd%20Name.sql many/app/table/t.sql many/public/function/total.sql many/public/table/items.sql many/public/view/notes.sql many/schema/app.sql"
	same live many --exit-code
	run_rung export --dir many --server "$SERVER"
	assert_status 2
	assert_errors_contain 'the directory "many" is not empty'
	run_rung export --from schema --server "$SERVER" --schemas app
	assert_output "CREATE SCHEMA app;
CREATE TABLE app.t (
    a integer
);"
	run_rung export x.sql --dir other --server "$SERVER"
	assert_status 2
	[ ! -e x.sql ]
}

@test "a file with the schema after each run" {
	printf '[files]\nschema_dump = schema.sql\n' >rung.ini
	run_rung upgrade 01
	assert_status 0
	assert_equal "$(cat schema.sql)" "CREATE TABLE public.items (
    id integer,
    note text,
    CONSTRAINT items_pkey PRIMARY KEY (id)
);
CREATE INDEX items_note_idx ON public.items USING btree (note);"
	cp schema.sql first.sql
	run_rung upgrade
	grep -q "CREATE VIEW public.notes" schema.sql
	run_rung downgrade 01 --force
	cmp schema.sql first.sql
	rm schema.sql
	run_rung upgrade 01
	[ ! -e schema.sql ]
	run_rung upgrade --pg-bindir "$PROJECT/schema"
	assert_status 0
	assert_errors_contain "warning: the file of schema_dump was not written: "
}
