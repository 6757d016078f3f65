# create --from: a change that one transaction cannot make becomes several migrations, each with its way back.

load ../lib/rung

setup() {
	rung_setup
	SERVER=$(server_url main postgres)
	mkdir desired
	migration 01_items <<-'SQL'
		create type e as enum ('a', 'b');
		create table items (id int primary key, note text, e e default 'a');
		create table other (id int, item int);
	SQL
	rollback_of 01_items <<<'drop table other; drop table items; drop type e;'
}

desired() {
	cat >desired/all.sql
}

create_from() {
	run_rung create "$@" --from desired --server "$SERVER"
}

# there_and_back N - the N new migrations lead to what is wanted and back, each by itself too, and keep rows.
there_and_back() {
	run_rung upgrade 1
	sql "insert into items values (1, 'x', 'b'), (2, 'y', 'a'); insert into other values (1, 2)"
	run_rung upgrade
	assert_status 0
	run_rung diff live desired --exit-code --tree --server "$SERVER"
	assert_status 0
	for _ in $(seq "$1"); do
		run_rung downgrade --force
		assert_status 0
	done
	run_rung diff live schema@01 --exit-code --tree --server "$SERVER"
	assert_status 0
	assert_sql "select string_agg(i::text, ' ' order by id) from items i" "(1,x,b) (2,y,a)"
}

@test "a value of an enum that is used at once" {
	desired <<-'SQL'
		create type e as enum ('a', 'b', 'c');
		create table items (id int primary key, remark text, -- rung: renamed-from note
			e e default 'c');
		create table other (id int, item int);
	SQL
	printf '\\ir 01_items.sql\n' >schema/00_master_schema.sql
	create_from "a value"
	assert_status 0
	assert_equal "$(ls schema rollback | paste -sd' ')" "rollback: rollback_01_items.sql rollback_02_a_value.sql\
 rollback_03_a_value_2.sql  schema: 00_master_schema.sql 01_items.sql 02_a_value.sql 03_a_value_2.sql"
	assert_equal "$(cat schema/00_master_schema.sql)" $'\\ir 01_items.sql\n\\ir 02_a_value.sql\n\\ir 03_a_value_2.sql'
	assert_equal "$(head -n 5 schema/02_a_value.sql)" "-- rung: breaking: renames column note to remark
-- a value (1 of 2)
--
--   ~ column note: renamed to remark
--   ~ enum public.e: values"
	grep -q 'RENAME COLUMN note TO remark' schema/02_a_value.sql
	grep -q 'RENAME COLUMN remark TO note' rollback/rollback_02_a_value.sql
	there_and_back 2
	run_rung upgrade
	# The other way: one transaction up, and a way back that needs two.
	desired <<-'SQL'
		create type e as enum ('a', 'b');
		create table items (id int primary key, remark text, e e default 'a');
		create table other (id int, item int);
	SQL
	create_from "no value" --allow data-loss
	assert_status 0
	[ -e schema/05_no_value_2.sql ]
	run_rung upgrade
	run_rung downgrade --force
	run_rung upgrade
	assert_status 0
	create_from "no value"
	assert_output_contains "nothing to write"
}

@test "forms that lock less are in files of their own" {
	desired <<-'SQL'
		create type e as enum ('a', 'b');
		create table items (id int primary key, note text not null, e e default 'a');
		create table other (id int unique, item int references items(id));
		create table fresh (id int primary key, item int references items(id));
	SQL
	run_rung create x --from desired --plain --online
	assert_status 2
	assert_errors_contain "--online and --plain exclude each other"
	create_from "in use" --online
	assert_status 0
	assert_equal "$(grep -l '^-- rung: transaction: none$' schema/*.sql)" "schema/03_in_use_2.sql"
	assert_equal "$(grep -c ';$' schema/03_in_use_2.sql)" 1
	grep -q 'CREATE UNIQUE INDEX CONCURRENTLY other_id_key' schema/03_in_use_2.sql
	grep -q 'NOT VALID;$' schema/02_in_use.sql
	there_and_back "$(($(ls schema | wc -l) - 1))"
	rm schema/0[2-9]*
	rm rollback/*0[2-9]*
	create_from "in use" --plain
	assert_equal "$(ls schema)" $'01_items.sql\n02_in_use.sql'
}

@test "what the files say is tried, not only the SQL" {
	local draft
	desired <<-'SQL'
		create type e as enum ('a', 'b');
		create table items (id int primary key, note text, e e default 'a');
		create table other (id int, item int);
		create view slices as select (array[1, 2])[1:(other.id)] as part from other;
	SQL
	create_from "slices" --set other=x --set id=x
	[ "$status" -ne 0 ]
	assert_errors_contain "while proving the files up"
	assert_errors_contain "schema/02_slices.sql:"
	assert_equal "$(ls schema)" 01_items.sql
	draft=$(sed -n 's/.*The draft is in \([^ ]*\)\.$/\1/p' <<<"$errors")
	grep -q 'CREATE VIEW' "$draft/schema/02_slices.sql"
	rm -r "$draft"
}

# Killed at the second link, or with a disk that is full by then.
@test "a series that is not whole is not taken for one" {
	desired <<-'SQL'
		create type e as enum ('a', 'b', 'c');
		create table items (id int primary key, note text, e e default 'c');
		create table other (id int, item int);
	SQL
	run strace -f -qq -o /dev/null -e trace=link -e inject=link:error=ENOSPC:when=10 "$RUNG" create value --from desired --server "$SERVER"
	assert_output_contains "No space left on device"
	assert_equal "$(ls -A schema rollback | paste -sd' ')" "rollback: rollback_01_items.sql  schema: 01_items.sql"
	run strace -f -qq -o /dev/null -e trace=link -e inject=link:signal=KILL:when=11 "$RUNG" create value --from desired --server "$SERVER"
	[ ! -e schema/03_value_2.sql ]
	run_rung check --offline
	assert_output_contains "was left when new files were made, which was interrupted"
	run_rung upgrade
	assert_status 2
}

@test "what is lost is refused, and said in the head and above each statement" {
	migration 02_more <<-'SQL'
		alter table items add twice int generated always as (id * 2) stored, add price numeric(10, 4), add gone text;
		create materialized view sums as select 1 as one;
		create sequence invoices;
		create view names as select note from items;
	SQL
	run_rung upgrade
	sql "insert into items select i, 'x' from generate_series(1, 5000) i; analyze items"
	desired <<-'SQL'
		create type e as enum ('a');
		create table items (id bigint primary key, note text, e e default 'a', price numeric(10, 2));
	SQL
	create_from "less"
	assert_status 3
	assert_equal "$(grep -c . <<<"$errors")" 7 "$errors"
	assert_errors_contain "5 statements would lose data"
	for lost in "ALTER COLUMN e TYPE" "ALTER COLUMN price TYPE numeric(10,2)" "DROP COLUMN gone" "DROP SEQUENCE public.invoices" "DROP TABLE public.other"; do
		assert_errors_contain "$lost"
	done
	create_from "less" --allow data-loss
	assert_status 0
	assert_equal "$(sed -n '/^$/q; p' schema/03_less.sql)" "-- rung: breaking: loses data: removes sequence public.invoices, removes table public.other,\
 removes view public.names, removes materialized view public.sums, removes column public.items.gone, removes column public.items.twice and 2 more
-- less
--
--   ~ enum public.e: values
--   - sequence public.invoices
--   - table public.other
--   - view public.names
--   - materialized view public.sums
--   - column public.items.gone
--   ~ column public.items.id: type
--   ~ column public.items.price: type
--   - column public.items.twice
--
-- Rolled back by rollback_03_less.sql."
	grep -qE '^-- rewrites public.items \(about [0-9]+ kB\) under ACCESS EXCLUSIVE$' schema/03_less.sql
	assert_equal "$(grep -A 9 -n '^-- loses data$' schema/03_less.sql | grep -c 'ADD\|CREATE')" 0 "something stands behind what loses data"
	run_rung upgrade --dry-run
	assert_output_contains "BREAKING: loses data: removes sequence public.invoices"
}

# What takes the rows is an event trigger that both sides have: no catalog shows it.
@test "rows that are lost without a word are missed, in tables of many kinds" {
	cat >a.sql <<-'SQL'
		create type e as enum ('x', 'y');
		create type pair as (a int, b text);
		create domain code as text check (value ~ '^[A-Z]{3}$');
		create table parent (code code primary key, kind text not null check (kind in ('one', 'two')), n numeric(8, 3) not null check (n >= 100));
		create table child (id int generated always as identity primary key, code code not null references parent, e e not null,
			r int4range not null, p pair not null, tags text[] not null check (cardinality(tags) > 0), mail text not null check (mail like '%@%'),
			at timestamptz not null, j jsonb not null check (jsonb_typeof(j) = 'object'), twice int generated always as (1) stored,
			done boolean not null check (not done), bits bit(5) not null);
		create table none (a int not null check (a <> a));
		create function wipe() returns event_trigger language plpgsql as $$ begin
			if to_regclass('public.later') is not null then update public.child set mail = 'gone@x'; end if; end $$;
	SQL
	sed 's/^\t*//; $a create table later (a int);' a.sql >b.sql
	run_rung diff a.sql b.sql --server "$SERVER"
	assert_status 0
	assert_errors_contain "tables that got rows and kept them: 2"
	for file in a b; do
		echo "create event trigger et on ddl_command_end execute function wipe();" >>$file.sql
	done
	run_rung diff a.sql b.sql --server "$SERVER"
	assert_status 3
	assert_errors_contain "values of the column public.child.mail are lost, and no statement says so"
	assert_errors_contain "while proving the SQL up"
	rm -r "$TMPDIR"/rung-draft-*
}
