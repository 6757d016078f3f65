# export and diff as others use them: the SQL through psql, with rows, on databases that other programs own.

load ../lib/rung

setup() {
	rung_setup
	SERVER=$(server_url main postgres)
}

# plain FILE… - as somebody runs a file: statement by statement, without a transaction
plain() { psql -XAtq -v ON_ERROR_STOP=1 -d "$DATABASE_URL" ${1:+-f "$1"}; }

schema_of() { pg_dump -s -d "$1" | grep -v '^\\\(un\)\?restrict'; }

@test "the SQL runs statement by statement too, on rows" {
	plain <<-'SQL'
		create table places (name text primary key, country text not null);
		insert into places values ('Ghent', 'BE'), ('Turin', 'IT');
	SQL
	schema_of "$DATABASE_URL" >before
	cat >desired.sql <<-'SQL'
		create table places (name text primary key, country text not null, number serial not null unique,
			rank bigserial);
		alter table places add constraint name_once unique (name);
		create function many() returns bigint language sql as 'select count(*) from distances where far()';
		create function far() returns boolean language sql as 'select true';
		create table distances (a int, b int, constraint pair_once unique (a, b), primary key (a, b));
	SQL
	run_rung diff live desired.sql --server "$SERVER" --up up.sql --down down.sql
	assert_status 0
	assert_errors_contain "tables that got rows and kept them: 1"
	plain up.sql
	assert_sql "select string_agg(concat(name, number, rank), ' ' order by number) from places" "Ghent11 Turin22"
	assert_sql "show check_function_bodies" on
	run_rung diff live desired.sql --server "$SERVER" --exit-code
	assert_status 0
	plain down.sql
	assert_equal "$(schema_of "$DATABASE_URL")" "$(cat before)"
	assert_sql "select string_agg(name, ' ' order by name) from places" "Ghent Turin"
}

@test "a table of somebody else's that has the name of the history" {
	plain <<<'create table schema_version (version int primary key, minor int); create table other (id int);'
	run_rung export --server "$SERVER"
	assert_status 0
	assert_output_contains "CREATE TABLE public.schema_version ("
	plain <<<'drop table schema_version; create table schema_version (version int, description text, applied_at timestamptz);'
	run_rung export --server "$SERVER"
	assert_status 0
	refute_output_contains "schema_version"
	assert_output_contains "CREATE TABLE public.other ("
}

@test "a directory with tables of others, their sequences and bodies that name what comes later" {
	local role=other_$TEST_DATABASE
	plain <<-SQL
		create role $role;
		create function many() returns bigint language sql as 'select 1::bigint';
		create table kept (id serial primary key, x bigint default many());
		create or replace function many() returns bigint language sql as 'select count(*) from kept';
		alter table kept owner to $role;
	SQL
	run_rung export --dir many --server "$SERVER"
	assert_status 0
	assert_equal "$(find many -type f | sort | paste -sd' ')" "many/public/function/many.sql many/public/table/kept.sql"
	run_rung diff live many --server "$SERVER" --exit-code
	assert_status 0
	plain <<<"drop table kept; drop role $role"
}
