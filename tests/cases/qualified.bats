# The check of the build that our queries name the schema of everything, by what it must find.

load ../lib/rung

QUALIFIED=${RUNG_TEST_PROGRAMS:-$ROOT/build/tests}/qualified

# refuses WHAT QUERY - the check of .sql files does, in these words. Where the grammar keeps no place
# for what is wrong, the line is that of the statement.
refuses() {
	printf '%s\n' "-- a comment" "$2" >planted.sql
	status=0
	output=$("$QUALIFIED" queries planted.sql) || status=$?
	last_command="qualified queries, of: $2"
	assert_status 1
	assert_output_matches "^planted.sql:[12]: "
	assert_output_contains ": $1"
}

@test "a name without a schema in a query of ours is found, whatever kind it is of" {
	refuses 'function now has no schema' 'select now()'
	assert_output_contains "planted.sql:2: "
	refuses 'function max has no schema' 'select max(a.id) from pg_catalog.pg_class a'
	refuses 'function lag has no schema' 'select lag(1) over ()'
	refuses 'function f is not pg_catalog' 'select public.f()'
	refuses 'function now has no schema' 'create table s.t (a bigint default now())'
	refuses 'function unnest has no schema' 'select from unnest($1::pg_catalog.text[]) u'
	refuses 'function max has no schema' 'select 1 from pg_catalog.pg_class c group by c.oid having max(1) is null'
	refuses 'operator + has no schema' 'select 1 + 2'
	refuses 'operator - has no schema' 'select - $1::bigint'
	refuses 'operator = has no schema' 'select (select 1) = any (array[1])'
	refuses 'operator = has no schema' 'select 1 = any (select 1)'
	refuses 'operator > has no schema' 'select row(1, 2) > row(3, 4)'
	refuses 'operator = has no schema' 'update s.t set a = 1 where b = 2'
	refuses 'operator = has no schema' 'delete from s.t where b = 2'
	refuses 'operator = is not pg_catalog' 'select 1 operator(public.=) 2'
	refuses 'operator ||' "select \$1 operator(pg_catalog.||) ' rows'"
	refuses 'operator > has no schema' 'select 1 order by 1 using >'
	refuses 'type text has no schema' 'select $1::text'
	refuses 'type timestamptz has no schema' 'select cast($1 as timestamptz)'
	refuses 'type text has no schema' 'select $1::text[]'
	refuses 'type text has no schema' 'create table s.t (a text)'
	refuses 'type text has no schema' 'alter table s.t add column a text'
	refuses 'relation pg_class has no schema' 'select from pg_class'
	refuses 'relation t has no schema' 'insert into t default values'
	refuses 'relation t has no schema' 'update t set a = 1'
	refuses 'relation t has no schema' 'delete from t'
	refuses 'relation t has no schema' 'create table t (a bigint)'
	refuses 'relation t has no schema' 'alter table t add column a bigint'
	refuses 'relation t has no schema' "comment on table t is 'x'"
	refuses 'relation t has no schema' 'drop table t'
	refuses 'relation t has no schema' 'analyze t'
	refuses 'relation b has no schema' 'with a as (select from b), b as (select 1) select from a'
	refuses 'relation a has no schema' 'select from (with a as (select 1) select from a) x, a'
	refuses 'collation C has no schema' 'select $1 collate "C"'
	refuses 'operator class c has no schema' 'create index i on s.t (a c)'
	refuses "the text 'pg_class' is read as a name" "select 'pg_class'::pg_catalog.regclass"
	refuses 'function shobj_description: its body' "select pg_catalog.shobj_description(1, 'pg_database')"
	refuses 'function pg_get_viewdef: its body' 'select pg_catalog.pg_get_viewdef(1)'
	refuses '(...).f may be a function' 'select ($1::pg_catalog.pg_class).f'
}

@test "a construct that looks for its operator by itself is found" {
	refuses 'IN looks' 'select 1 in (2, 3)'
	refuses 'IN looks' 'select 1 not in (2, 3)'
	refuses 'IN looks' 'select 1 in (select 2)'
	refuses 'IN looks' 'select 1 not in (select 2)'
	refuses 'LIKE looks' "select 'a' like 'b'"
	refuses 'ILIKE looks' "select 'a' not ilike 'b'"
	refuses 'SIMILAR TO looks' "select 'a' similar to 'b'"
	refuses 'BETWEEN looks' 'select 1 between 2 and 3'
	refuses 'NOT BETWEEN looks' 'select 1 not between 2 and 3'
	refuses 'BETWEEN SYMMETRIC looks' 'select 1 between symmetric 2 and 3'
	refuses 'IS DISTINCT FROM looks' 'select 1 is distinct from 2'
	refuses 'IS NOT DISTINCT FROM looks' 'select 1 is not distinct from 2'
	refuses 'NULLIF looks' 'select nullif(1, 2)'
	refuses 'CASE of a value looks' 'select case 1 when 2 then 3 end'
	refuses 'JOIN USING looks' 'select from s.t join s.u using (a)'
	refuses 'JOIN USING looks' 'select from s.t natural join s.u'
	refuses 'this is no SQL' 'select from where'
}

@test "a literal that reads otherwise under another standard_conforming_strings is found" {
	refuses 'a literal with a backslash' "select 'a\\b'"
	refuses 'a literal with a backslash' "select E'fine\\'\\\\', 'it''s', 'a\\'"
	refuses "U&''" "select U&'d'"
	printf '%s\n' "-- it's \\ a comment" "select E'a\\\\b', \"a'\\b\", 'a', e'\\''" >fine.sql
	"$QUALIFIED" queries fine.sql
}

@test "what names all schemas passes, with the words that the program fills in" {
	cat >fine.sql <<-'SQL'
		-- A bit of everything.
		with recursive a(n) as (select 1 union all select a.n from a), b as (select n from a)
		select coalesce($1::bigint, extract(epoch from pg_catalog.now()), greatest(1, 2)) at time zone 'UTC',
		       case when b.n operator(pg_catalog.=) any ('{1,2}') then current_user end,
		       session_user::pg_catalog.text collate pg_catalog."C", k.:column, cast($2 as :type)
		  from b
		  join :table k on k.:column operator(:schema.<) 1
		  join :"history_log" l on not exists (select from pg_catalog.pg_class)
		 where row(:keys) operator(pg_catalog.>) row(1) and 'pg_catalog.pg_class'::pg_catalog.regclass is null
		 order by :keys_descending limit 1
	SQL
	"$QUALIFIED" queries fine.sql
}

@test "a query in a string of the program is found, with what is put together" {
	local literal
	while IFS= read -r literal; do
		printf 'const char *sql = /* here */\n    %s;\n' "$literal" >planted.c
		status=0
		output=$("$QUALIFIED" strings planted.c) || status=$?
		last_command="qualified strings, of: $literal"
		assert_status 1
		assert_output_contains "planted.c:2: "
	done <<-'LITERALS'
		"select 1"
		"SELECT set_config('a', 'b', true)"
		"select %s " "from %s"
		"\nselect max(a) from t"
		"%sselect count(*) from %s"
		"insert into %s values (1)"
		"update %s set a = b"
		"delete from %s"
		"with a as (select 1) select from a"
		"values (1)"
		" where a = %s"
		" and a > $1"
		" order by max(%s)"
		"%s::text"
		"drop table t"
		"analyze t"
		"comment on table t is 'x'"
		"lock table t"
	LITERALS
	cat >fine.c <<-'C'
		#include "select 1"
		/* "select 1" */ // "select 2"
		static const char *const words[] = {"select", "update", "where they are", "DROP DATABASE IF EXISTS %s",
		    "cannot delete from \"%s\"", "ANALYZE %s.%s", "BEGIN READ ONLY; SET LOCAL lock_timeout = '2s'",
		    "a \"select 1\"", "End it with SELECT pg_terminate_backend(%s); or wait."};
		char quote = '"', other[] = {'\'', '"', '\\', '"'};
	C
	"$QUALIFIED" strings fine.c
}

@test "a statement as the server logged it is read, too, where other schemas than pg_catalog may be named" {
	printf '%s\0' "select pg_catalog.now()" "select 1 operator(extensions.<) 2" "BEGIN" "analyze s.t" |
		"$QUALIFIED" records
	status=0
	output=$(printf '%s\0' "BEGIN" "select now()" | "$QUALIFIED" records) || status=$?
	assert_status 1
	assert_output_contains "record:2: function now has no schema"
}
