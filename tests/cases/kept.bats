# create --keep-rows: what a migration would lose is copied aside, and its rollback brings it back.

load ../lib/rung

setup() {
	rung_setup
	SERVER=$(server_url main postgres)
	mkdir desired
}

create_from() {
	run_rung create less --from desired --server "$SERVER" "$@"
}

# Every row and every position of the schema app, as text.
contents() {
	psql -XAtq -d "$DATABASE_URL" -c "select x from (
		select 'items' as t, to_jsonb(i)::text as x from app.items i union all select 'other', to_jsonb(o)::text from app.other o
		union all select 'parts', to_jsonb(p)::text from app.parts p union all select 'positions', concat(sequencename, last_value)
		from pg_sequences) c order by t, x"
}

@test "rows, values and positions come back" {
	migration 01_app <<-'SQL'
		create type "Mood" as enum ('good', 'it''s');
		create schema app;
		create function app.no() returns trigger language plpgsql as $$ begin raise exception 'a trigger fired'; end $$;
		create table app.items (id int generated always as identity primary key, note text not null, mood "Mood" default 'good',
			price numeric(12, 4), "Tags" "Mood"[], at timestamp, unique (note));
		create table app.other (id serial, item int references app.items, doubled int generated always as (item * 2) stored,
			mood "Mood", j jsonb, name text collate "C");
		create table app.parts (id int, code "Mood", gone bytea, primary key (id, code)) partition by list (id);
		create table app.parts_1 partition of app.parts for values in (1);
		create table app.parts_2 partition of app.parts for values in (2);
		create sequence app.invoices;
	SQL
	rollback_of 01_app <<<'drop schema app cascade; drop type "Mood";'
	cat >desired/all.sql <<-'SQL'
		create type "Mood" as enum ('good', 'it''s');
		create schema app;
		create function app.no() returns trigger language plpgsql as $$ begin raise exception 'a trigger fired'; end $$;
		create table app.items (id int generated always as identity primary key, price numeric(12, 1), at date);
		create table app.parts (id int, code "Mood", primary key (id, code)) partition by list (id);
		create table app.parts_2 partition of app.parts for values in (2);
	SQL
	run_rung upgrade
	sql "insert into app.items (note, mood, price, \"Tags\", at) values ('a', 'it''s', 1.2345, '{good,NULL}', '2001-02-03 04:05:06.7'),
			('b', null, null, null, null), ('c', 'good', 5, '{}', 'infinity');
		insert into app.other (item, mood, j, name) values (1, 'good', '{\"a\": [1]}', e'x\ny'), (null, null, null, null);
		insert into app.parts values (1, 'good', '\\x00ff'), (2, 'it''s', null), (2, 'good', '\\x01');
		select nextval('app.invoices'), setval('app.invoices', 41);
		create trigger stop before insert or update on app.items for each row execute function app.no();
		alter table app.items enable always trigger stop;
		create trigger halt before insert or update on app.parts for each row execute function app.no();"
	# They are part of the wish as well: what a trigger is on is known when rows go back.
	cat >>schema/01_app.sql <<-'SQL'
		create trigger stop before insert or update on app.items for each row execute function app.no();
		alter table app.items enable always trigger stop;
		create trigger halt before insert or update on app.parts for each row execute function app.no();
	SQL
	tail -n 3 schema/01_app.sql >>desired/all.sql
	run_rung repair 1
	run contents
	local before=$output
	create_from
	assert_status 3
	create_from --keep-rows
	assert_status 0
	# Neighbours who are given everything by default get nothing of it.
	sql "create role neighbour_$TEST_DATABASE;
		alter default privileges grant all on tables to public;
		alter default privileges grant all on schemas to neighbour_$TEST_DATABASE;
		alter default privileges grant select on tables to neighbour_$TEST_DATABASE;"
	run_rung upgrade
	assert_status 0
	assert_sql "select count(*), bool_or(has_schema_privilege('neighbour_$TEST_DATABASE', 'rung_kept', 'usage')),
		bool_or(has_table_privilege('neighbour_$TEST_DATABASE', c.oid, 'select')) from pg_class c
		where relnamespace = 'rung_kept'::regnamespace and relkind = 'r'" "10|f|f"
	sql "alter default privileges revoke all on tables from public;
		alter default privileges revoke all on schemas from neighbour_$TEST_DATABASE;
		alter default privileges revoke all on tables from neighbour_$TEST_DATABASE;"
	run_rung diff live desired --exit-code --tree --server "$SERVER"
	assert_status 0
	assert_sql "select string_agg(price::text, ' ') from app.items" "1.2 5.0"
	sql "set session_replication_role = replica; alter table app.items disable trigger stop; update app.items set price = 6 where id = 3; alter table app.items enable always trigger stop"
	run_rung downgrade --force
	assert_status 0
	run contents
	assert_equal "$output" "${before/5.0000/6.0000}"
	run_rung diff live schema@01 --exit-code --tree --server "$SERVER"
	assert_status 0
	assert_sql "select count(*) from pg_class where relnamespace = 'rung_kept'::regnamespace" 0
	run_rung upgrade
	assert_status 0
}

@test "without a key the copy stays, and nobody copies a part of what is there" {
	migration 01_app <<-'SQL'
		create schema app;
		create table app.loose (a int, b text);
		create table app.secret (id int primary key, owner text);
		create table app.child () inherits (app.secret);
		create table app.must (x int, y int, id bigserial, note text not null, primary key (x, y));
	SQL
	rollback_of 01_app <<<'drop schema app cascade;'
	cat >desired/all.sql <<-'SQL'
		create schema app;
		create table app.loose (a int);
		create table app.secret (id int primary key);
		create table app.child () inherits (app.secret);
		create table app.must (x int, y int, primary key (x, y));
	SQL
	run_rung upgrade
	sql "insert into app.must values (1, 2, default, 'x'), (1, 3, default, 'y');
		insert into app.loose values (1, 'x'), (1, 'y'); insert into app.secret values (1, 'me'); insert into app.child values (1, 'them')"
	create_from --keep-rows
	assert_status 0
	assert_errors_contain "warning: app.loose.b is copied to rung_kept, but no rollback brings it back"
	assert_errors_contain "warning: app.secret.owner is copied to rung_kept"
	for _ in 1 2; do
		run_rung upgrade
		assert_status 0
		assert_sql "select string_agg(b, ' ' order by b) from rung_kept.app_loose_b_02" "x y"
		run_rung downgrade --force
		assert_status 0
		assert_sql "select count(b) from app.loose" 0
		assert_sql "select string_agg(m::text, ' ' order by y), nextval('app.must_id_seq') > 2 from app.must m" "(1,2,x,1) (1,3,y,2)|t"
		sql "update app.loose set b = k.b from (values (1, 'x')) k(a, b)"
		sql "update app.loose set b = 'y' where ctid = (select max(ctid) from app.loose)"
	done
	assert_sql "select count(*) from pg_class where relnamespace = 'rung_kept'::regnamespace and relname like 'app_loose_b_02_2%' and relkind = 'r'" 2
	# A role that sees a part of the rows.
	sql "create role few_$TEST_DATABASE login; grant create on database \"$TEST_DATABASE\" to few_$TEST_DATABASE;
		drop schema rung_kept cascade; grant all on schema app to few_$TEST_DATABASE;
		alter table app.loose owner to few_$TEST_DATABASE; alter table app.must owner to few_$TEST_DATABASE; alter table app.secret owner to few_$TEST_DATABASE;
		alter table app.secret enable row level security, force row level security"
	run psql -XAtq1 -v ON_ERROR_STOP=1 -d "${DATABASE_URL/postgres@/few_$TEST_DATABASE@}" -f schema/02_less.sql
	assert_output_contains 'query would be affected by row-level security policy for table "secret"'
	# A schema of that name that is somebody else's.
	sql "create schema rung_kept; grant all on schema rung_kept to public"
	run psql -XAtq1 -v ON_ERROR_STOP=1 -d "${DATABASE_URL/postgres@/few_$TEST_DATABASE@}" -f schema/02_less.sql
	assert_output_contains 'must be owner of schema rung_kept'
}
