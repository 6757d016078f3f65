#include "sql/kind.h"

#include "test.h"

TEST(kind_tells_classes_apart)
{
	static const struct {
		const char *text;
		enum statement_class class;
	} rows[] = {
	    {"", STATEMENT_OTHER},
	    {"select 1", STATEMENT_OTHER},
	    {"-- begin\n/* commit */ begin", STATEMENT_BEGIN},
	    {"BEGIN ISOLATION LEVEL SERIALIZABLE", STATEMENT_BEGIN},
	    {"start transaction", STATEMENT_BEGIN},
	    {"start", STATEMENT_OTHER},
	    {"commit", STATEMENT_COMMIT},
	    {"commit and chain", STATEMENT_COMMIT},
	    {"end work", STATEMENT_COMMIT},
	    {"prepare transaction 'x'", STATEMENT_COMMIT},
	    {"prepare x as select 1", STATEMENT_OTHER},
	    {"commit prepared 'x'", STATEMENT_NONTRANSACTIONAL},
	    {"rollback", STATEMENT_ROLLBACK},
	    {"abort transaction", STATEMENT_ROLLBACK},
	    {"rollback prepared 'x'", STATEMENT_NONTRANSACTIONAL},
	    {"rollback to x", STATEMENT_SAVEPOINT},
	    {"rollback work to savepoint x", STATEMENT_SAVEPOINT},
	    {"rollback /* to */ transaction", STATEMENT_ROLLBACK},
	    {"savepoint x", STATEMENT_SAVEPOINT},
	    {"release x", STATEMENT_SAVEPOINT},
	    {"beginning", STATEMENT_OTHER},
	    {"\"begin\"", STATEMENT_OTHER},
	    {"call p()", STATEMENT_OTHER},
	    {"do $$ begin commit; end $$", STATEMENT_OTHER},

	    {"copy t from stdin", STATEMENT_COPY_IN},
	    {"COPY t (a, \"from\") FROM STDIN WITH (format csv)", STATEMENT_COPY_IN},
	    {"copy a.\"b c\" /* from 'x' */ from -- x\n stdin", STATEMENT_COPY_IN},
	    {"copy binary t from stdin", STATEMENT_COPY_IN},
	    {"copy t from stdout", STATEMENT_COPY_IN},
	    {"copy t from 'stdin'", STATEMENT_OTHER},
	    {"copy t from program 'stdin'", STATEMENT_OTHER},
	    {"copy t from '/x' where a is distinct from stdin", STATEMENT_OTHER},
	    {"copy t to stdout", STATEMENT_COPY_OUT},
	    {"copy (select a from stdin) to stdout", STATEMENT_COPY_OUT},
	    {"copy t to '/x'", STATEMENT_OTHER},
	    {"select 'copy t from stdin'", STATEMENT_OTHER},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, statement_kind(str_of(rows[i].text), 0).class == rows[i].class);
}

TEST(kind_knows_what_cannot_run_in_a_transaction)
{
	enum { CONCURRENT = 1 };
	static const struct {
		const char *text;
		enum recovery_kind recovery; /* RECOVERY_NONE: it can */
		int concurrent;
	} rows[] = {
	    {"create index concurrently i on t (a)", RECOVERY_INDEX_CONCURRENTLY, CONCURRENT},
	    {"create unique index concurrently if not exists i on t (a)", RECOVERY_INDEX_CONCURRENTLY,
	     CONCURRENT},
	    {"CREATE/**/INDEX\nCONCURRENTLY ON t (a)", RECOVERY_INDEX_CONCURRENTLY, CONCURRENT},
	    {"create index i on concurrently (a)", RECOVERY_NONE, 0},
	    {"create index \"concurrently\" on t (a)", RECOVERY_NONE, 0},
	    {"drop index concurrently if exists i", RECOVERY_DROP_INDEX_CONCURRENTLY, CONCURRENT},
	    {"drop index i", RECOVERY_NONE, 0},
	    {"reindex table t", RECOVERY_NONE, 0},
	    {"reindex index i", RECOVERY_NONE, 0},
	    {"reindex table concurrently t", RECOVERY_REINDEX, CONCURRENT},
	    {"reindex (verbose) index concurrently i", RECOVERY_REINDEX, CONCURRENT},
	    {"reindex (concurrently) table t", RECOVERY_REINDEX, CONCURRENT},
	    {"reindex (verbose, concurrently on, tablespace x) table t", RECOVERY_REINDEX, CONCURRENT},
	    {"reindex (concurrently off) table t", RECOVERY_NONE, 0},
	    {"reindex (concurrently false) schema s", RECOVERY_REINDEX, 0},
	    {"reindex schema s", RECOVERY_REINDEX, 0},
	    {"reindex (verbose) database d", RECOVERY_REINDEX, 0},
	    {"reindex system d", RECOVERY_REINDEX, 0},
	    {"reindex schema concurrently s", RECOVERY_REINDEX, CONCURRENT},
	    {"alter table t detach partition p concurrently", RECOVERY_DETACH_CONCURRENTLY, CONCURRENT},
	    {"alter table if exists only a.t detach partition b.\"p q\" concurrently",
	     RECOVERY_DETACH_CONCURRENTLY, CONCURRENT},
	    {"alter table t detach partition p finalize", RECOVERY_NONE, 0},
	    {"alter table t detach partition p", RECOVERY_NONE, 0},
	    {"alter table t detach partition concurrently", RECOVERY_NONE, 0},
	    {"vacuum", RECOVERY_REPEATABLE, 0},
	    {"vacuum (full, analyze) t", RECOVERY_REPEATABLE, 0},
	    {"analyze t", RECOVERY_NONE, 0},
	    {"cluster", RECOVERY_REPEATABLE, 0},
	    {"cluster verbose", RECOVERY_REPEATABLE, 0},
	    {"cluster (verbose)", RECOVERY_REPEATABLE, 0},
	    {"cluster t using i", RECOVERY_NONE, 0},
	    {"cluster verbose t", RECOVERY_NONE, 0},
	    {"cluster (verbose) t", RECOVERY_NONE, 0},
	    {"repack (concurrently) t", RECOVERY_REPEATABLE, CONCURRENT},
	    {"repack t", RECOVERY_NONE, 0},
	    {"create database d", RECOVERY_CREATE, 0},
	    {"drop database if exists d with (force)", RECOVERY_DROP, 0},
	    {"alter database d set tablespace t", RECOVERY_REPEATABLE, 0},
	    {"alter database d set work_mem = 1", RECOVERY_NONE, 0},
	    {"create tablespace t location '/x'", RECOVERY_CREATE, 0},
	    {"drop tablespace t", RECOVERY_DROP, 0},
	    {"alter system set work_mem = 1", RECOVERY_REPEATABLE, 0},
	    {"create subscription s connection 'x' publication p", RECOVERY_CREATE, 0},
	    {"create subscription s connection 'x' publication p with (connect = false)", RECOVERY_NONE, 0},
	    {"create subscription s connection 'x' publication p, q with (enabled, create_slot=off)",
	     RECOVERY_NONE, 0},
	    {"create subscription s connection 'x' publication p with (create_slot = true)", RECOVERY_CREATE, 0},
	    {"create subscription s connection 'x' publication p with (create_slot)", RECOVERY_CREATE, 0},
	    {"drop subscription s", RECOVERY_DROP, 0},
	    {"alter subscription s refresh publication", RECOVERY_REPEATABLE, 0},
	    {"alter subscription s set publication p, q", RECOVERY_REPEATABLE, 0},
	    {"alter subscription s set publication p with (refresh = false)", RECOVERY_NONE, 0},
	    {"alter subscription s add publication p with (copy_data = false)", RECOVERY_OTHER, 0},
	    {"alter subscription s drop publication p", RECOVERY_OTHER, 0},
	    {"alter subscription s set (failover = true)", RECOVERY_REPEATABLE, 0},
	    {"alter subscription s set (slot_name = none)", RECOVERY_NONE, 0},
	    {"alter subscription s disable", RECOVERY_NONE, 0},
	    {"commit prepared 'x'", RECOVERY_OTHER, 0},
	    {"discard all", RECOVERY_REPEATABLE, 0},
	    {"discard plans", RECOVERY_NONE, 0},
	    {"alter type t add value 'x'", RECOVERY_NONE, 0},
	    {"refresh materialized view concurrently m", RECOVERY_NONE, 0},
	    {"truncate t", RECOVERY_NONE, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct statement_kind kind = statement_kind(str_of(rows[i].text), 0);

		CHECK_ROW(i, kind.recovery == rows[i].recovery);
		CHECK_ROW(i, (kind.class == STATEMENT_NONTRANSACTIONAL) == (rows[i].recovery != RECOVERY_NONE));
		CHECK_ROW(i, (kind.name != NULL) == (rows[i].recovery != RECOVERY_NONE));
		CHECK_ROW(i, kind.is_concurrent == rows[i].concurrent);
	}
}

TEST(kind_depends_on_the_server)
{
	static const struct {
		const char *text;
		int version;
		bool is_plain;
	} rows[] = {
	    {"alter type a.t add value if not exists 'x'", 110022, true},
	    {"alter type a.t add value if not exists 'x'", 120000, false},
	    {"alter type a.t add attribute x int", 110022, false},
	    {"alter subscription s refresh publication", 130000, false},
	    {"alter subscription s refresh publication", 140000, true},
	    {"alter subscription s set (failover)", 160000, false},
	    {"alter subscription s set (failover)", 170000, true},
	    {"alter subscription s set (two_phase = false)", 170000, false},
	    {"alter subscription s set (two_phase = false)", 180000, true},
	    {"vacuum", 120000, true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, (statement_kind(str_of(rows[i].text), rows[i].version).class ==
		              STATEMENT_NONTRANSACTIONAL) == rows[i].is_plain);
}

TEST(kind_knows_what_outlives_a_transaction)
{
	static const struct {
		const char *text;
		bool changes_session;
	} rows[] = {
	    {"set search_path = x", true},
	    {"set session work_mem = 1", true},
	    {"set role x", true},
	    {"set local work_mem = 1", false},
	    {"set transaction read only", false},
	    {"set constraints all deferred", false},
	    {"reset all", true},
	    {"discard temp", true},
	    {"load 'x'", true},
	    {"select pg_catalog.set_config('search_path', '', false)", true},
	    {"select set_config('a.b', '', false)", true},
	    {"select 'set_config'", false},
	    {"show work_mem", false},
	    {"alter role x set work_mem = 1", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, statement_kind(str_of(rows[i].text), 0).changes_session == rows[i].changes_session);
}

/* Whatever is not listed in kind_rows.c may leave something; the server's own word is in cases/kinds.bats. */
TEST(kind_knows_what_may_leave_something_in_the_session)
{
	static const struct {
		const char *text;
		bool may_leave;
		enum kept kept;
	} rows[] = {
	    {"create table pg_temp.t (a int)", true, KEPT_TEMPORARY},
	    {"create table \"pg_temp\".t (a int)", true, KEPT_NOTHING},
	    {"create function PG_TEMP.f() returns int language sql as 'select 1'", true, KEPT_TEMPORARY},
	    {"create temp table t (a int)", true, KEPT_TEMPORARY},
	    {"create global temporary table t (a int)", true, KEPT_TEMPORARY},
	    {"create or replace temp view v as select 1", true, KEPT_TEMPORARY},
	    {"create local temp sequence s", true, KEPT_TEMPORARY},
	    {"select 1 into temporary t", true, KEPT_TEMPORARY},
	    {"insert into temp values (1)", true, KEPT_NOTHING},
	    {"create index concurrently on t (a)", true, KEPT_NOTHING},
	    {"create event trigger t on ddl_command_end execute function f()", true, KEPT_NOTHING},
	    {"create materialized view v as select f()", true, KEPT_NOTHING},
	    {"insert into t values (1)", true, KEPT_NOTHING},
	    {"select 1", true, KEPT_NOTHING},
	    {"do $$ begin end $$", true, KEPT_NOTHING},
	    {"call p()", true, KEPT_NOTHING},
	    {"execute p", true, KEPT_NOTHING},
	    {"truncate t", true, KEPT_NOTHING},
	    {"refresh materialized view v", true, KEPT_NOTHING},
	    {"set constraints all immediate", true, KEPT_NOTHING},
	    {"vacuum t", true, KEPT_NOTHING},
	    {"a_statement_of_tomorrow", true, KEPT_NOTHING},
	    {"prepare p as select 1", false, KEPT_PREPARED},
	    {"prepare p as select '{1}'::a[]", true, KEPT_PREPARED},
	    {"prepare transaction 'x'", false, KEPT_NOTHING},
	    {"deallocate p", false, KEPT_NOTHING},
	    {"listen x", true, KEPT_NOTHING},
	    {"declare c cursor with hold for select 1", true, KEPT_CURSOR},
	    {"declare c cursor for select 1", true, KEPT_NOTHING},
	    {"set work_mem = 1", false, KEPT_NOTHING},
	    {"set search_path = pg_temp, public", true, KEPT_NOTHING},
	    {"begin", false, KEPT_NOTHING},
	    {"savepoint s", false, KEPT_NOTHING},
	    {"", false, KEPT_NOTHING},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct statement_kind kind = statement_kind(str_of(rows[i].text), 0);

		CHECK_ROW(i, kind.may_leave == rows[i].may_leave);
		CHECK_ROW(i, kind.kept == rows[i].kept);
	}
}

/* What is not inert here may leave anything. */
TEST(kind_knows_what_is_inert)
{
	static const struct {
		const char *text;
		bool is_inert;
	} rows[] = {
	    {"create table t (a int default f(), check (g(a)))", true},
	    {"create unlogged table if not exists s.t (a int generated always as identity)", true},
	    {"create table t (a int) partition by range (a, b)", true},
	    {"create table t (a int) partition by list ((a + 1))", false},
	    {"create table t (a int, b int generated always as (f(1)) stored)", false},
	    {"create table t (a int, exclude (f(a) with =))", false},
	    {"create table t (like u including all)", false},
	    {"create table t (like u)", true},
	    {"create table t partition of u for values in (f())", false},
	    {"create table t as select f()", false},
	    {"create table t (a) with (fillfactor = 70) as select f()", false},
	    {"create index on t (a, b desc)", true},
	    {"create unique index if not exists i on only s.t using btree (a);", true},
	    {"create index i on t (a) include (b) with (fillfactor = 70) tablespace x where a is not null", true},
	    {"create index i on t (a) where not a", false},
	    {"create index i on t (f(a))", false},
	    {"create index i on t ((f(1))) include (a)", false},
	    {"create index i on t (f(a)) with (fillfactor = 70)", false},
	    {"create index i on t (a) where f(a)", false},
	    {"create view v as select f()", true},
	    {"create function f() returns int language sql as 'select g()'", false},
	    {"create or replace function f() returns int language plpgsql as $$ begin return '{1}'; end $$",
	     true},
	    {"create function f() returns int language 'plpgsql' as 'begin end'", true},
	    {"create function f() returns int begin atomic; select 1 as language plpgsql; end", false},
	    {"create aggregate a (int) (sfunc = f, stype = d, initcond = 0)", false},
	    {"create type t as (a int)", true},
	    {"create type t (input = f, output = g)", false},
	    {"create type t as enum ('{a}')", true},
	    {"create schema s", true},
	    {"create schema s create table t (a int)", false},
	    {"create user u", true},
	    {"create user mapping for u server s", false},
	    {"create server s foreign data wrapper w", false},
	    {"create constraint trigger t after insert on t for each row execute function f()", true},
	    {"create extension x", false},
	    {"comment on table t is '{do}'", true},
	    {"grant select on t to x", true},
	    {"drop table t cascade", true},
	    {"alter table t owner to x", true},
	    {"alter table t owner to x, add b int default f()", false},
	    {"alter table t drop column a", true},
	    {"alter table t drop column a, add b int default f()", false},
	    {"alter table t rename a to b", true},
	    {"alter table t add rename d", false},
	    {"alter table t add column a int", true},
	    {"alter table if exists only s.t add a varchar(20) not null default 'x'", true},
	    {"alter table t add column a timestamp with time zone default '2030-01-01' not null", true},
	    {"alter table t add column a text default f()", false},
	    {"alter table t add column a int default 1 check (f(a))", false},
	    {"alter table t add column a int, add column b d", false},
	    {"alter table t add column a mine.int", false},
	    {"alter table t alter a set default f(1)", true},
	    {"alter table t alter a set default f(1), alter b type int", false},
	    {"alter table t alter a set default '{1}'", false},
	    {"alter table t alter a set not null", false},
	    {"alter table t alter a type text using f(a)", false},
	    {"alter table t validate constraint c", false},
	    {"alter table t detach partition p", false},
	    {"alter table t set unlogged", false},
	    {"alter server s options (a 'b')", false},
	    {"reset role", false},
	    {"select 1", false},
	    {"", true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct statement_kind kind = statement_kind(str_of(rows[i].text), 0);

		CHECK_ROW(i, (!kind.may_set && !kind.may_leave) == rows[i].is_inert);
	}
}

/* Arrays, rows, ranges and multiranges read what they hold by its type's own means. */
TEST(kind_knows_literals_that_run_code)
{
	static const struct {
		const char *literal;
		bool is_live;
	} rows[] = {
	    {"'x'", false},
	    {"''", false},
	    {"'{}'", false},
	    {"'empty'", false},
	    {"'a{1}'", false},
	    {"'x\\y'", false},
	    {"$$x$$", false},
	    {"$a$$a$", false},
	    {"$$$$", false},
	    {"b'10'", false},
	    {"E'x'", false},
	    {"1", false},
	    {"x", false},
	    {"'x' /* '{1}' */", false},
	    {"'{1}'", true},
	    {"'(1)'", true},
	    {"'[1,2)'", true},
	    {"' \t\n{1}'", true},
	    {"'\xC2\xA0{1}'", true},
	    {"'{ }'", true},
	    {"$${1}$$", true},
	    {"$a$ {1}$a$", true},
	    {"E'{1}'", true},
	    {"e'\\x7b1}'", true},
	    {"'\\x7b1}'", true},
	    {"U&'\\007b1}'", true},
	    {"u&'!007b1}' uescape '!'", true},
	    {"N'{1}'", true},
	    {"' '\n'{1}'", true},
	    {"''\n'{1}'", true},
	    {"E''\n'\\x7b1}'", true},
	    {":x", true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char text[100];

		snprintf(text, sizeof(text), "create table t (a d[] default %s)", rows[i].literal);
		CHECK_ROW(i, statement_kind(str_of(text), 0).may_leave == rows[i].is_live);
		CHECK_ROW(i, statement_kind(str_of(text), 0).may_set == rows[i].is_live);
	}
}

TEST(kind_knows_what_lets_any_statement_run_code)
{
	static const struct {
		const char *text;
		bool brings_code;
	} rows[] = {
	    {"create event trigger t on ddl_command_end execute function f()", true},
	    {"alter event trigger t enable", true},
	    {"create extension x", true},
	    {"create operator class c for type t using btree as function 1 f(t, t)", true},
	    {"alter operator family f using btree add function 1 f(t, t)", true},
	    {"create type t (input = f, output = g)", true},
	    {"create table t (a int) partition by list (f(a))", true},
	    {"create table t partition of u for values in (1) partition by list (f(a))", true},
	    {"create table t (a int) partition by list (a)", false},
	    {"create operator + (function = f)", false},
	    {"create type t as (a int)", false},
	    {"comment on event trigger t is 'x'", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, statement_kind(str_of(rows[i].text), 0).brings_code == rows[i].brings_code);
}

/* Where another server may have another word on it, it is asked for again when the server is known. */
TEST(kind_knows_what_varies_by_version)
{
	static const char *const texts[] = {
	    "alter type t add value 'x'",
	    "alter subscription s refresh publication",
	    "alter subscription s set (failover)",
	    "create table t (a int)",
	    "vacuum",
	};
	static const int versions[] = {120000, 140000, 170000, 180000};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const struct statement_kind any = statement_kind(str_of(texts[i]), 0);

		CHECK_ROW(i, any.varies_by_version == (i < 3));
		for (size_t j = 0; j < sizeof(versions) / sizeof(*versions) && !any.varies_by_version; j++)
			CHECK_ROW(i, statement_kind(str_of(texts[i]), versions[j]).class == any.class);
	}
}

TEST(kind_knows_locks_of_the_session)
{
	static const struct {
		const char *text;
		bool locks_session;
	} rows[] = {
	    {"select pg_advisory_lock(1)", true},
	    {"select pg_catalog.pg_advisory_lock(1, 2);", true},
	    {"SELECT PG_TRY_ADVISORY_LOCK_SHARED(1)", true},
	    {"select pg_advisory_unlock(hashtext('x'))", true},
	    {"select pg_advisory_lock(1), f()", false},
	    {"select pg_advisory_lock(1) from t", false},
	    {"select pg_advisory_xact_lock(1)", false},
	    {"select f()", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, statement_kind(str_of(rows[i].text), 0).locks_session == rows[i].locks_session);
}

TEST(kind_knows_what_needs_a_transaction_block)
{
	static const struct {
		const char *text;
		enum block_need block;
		bool chains, sets_transaction;
	} rows[] = {
	    {"select 1", BLOCK_NOT_NEEDED, false, false},
	    {"commit", BLOCK_NOT_NEEDED, false, false},
	    {"commit and no chain", BLOCK_NOT_NEEDED, false, false},
	    {"commit and chain", BLOCK_EXPLICIT, true, false},
	    {"END /* a */ work AND CHAIN", BLOCK_EXPLICIT, true, false},
	    {"abort transaction and chain", BLOCK_EXPLICIT, true, false},
	    {"rollback and chain", BLOCK_EXPLICIT, true, false},
	    {"rollback to a", BLOCK_EXPLICIT, false, false},
	    {"savepoint a", BLOCK_EXPLICIT, false, false},
	    {"release a", BLOCK_EXPLICIT, false, false},
	    {"lock t", BLOCK_NEEDED, false, false},
	    {"LOCK TABLE t in share mode", BLOCK_NEEDED, false, false},
	    {"declare c cursor for select 1", BLOCK_NEEDED, false, false},
	    {"declare c cursor with hold for select 1", BLOCK_NOT_NEEDED, false, false},
	    {"declare c cursor without hold for select 1", BLOCK_NEEDED, false, false},
	    {"set local work_mem = 1", BLOCK_WANTED, false, false},
	    {"set constraints all deferred", BLOCK_WANTED, false, false},
	    {"set transaction read write", BLOCK_WANTED, false, true},
	    {"set local transaction_isolation = 'serializable'", BLOCK_WANTED, false, true},
	    {"set transaction_isolation to serializable", BLOCK_NOT_NEEDED, false, true},
	    {"set session characteristics as transaction read only", BLOCK_NOT_NEEDED, false, false},
	    {"set work_mem = 1", BLOCK_NOT_NEEDED, false, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct statement_kind kind = statement_kind(str_of(rows[i].text), 0);

		CHECK_ROW(i, kind.block == rows[i].block);
		CHECK_ROW(i, kind.chains == rows[i].chains && kind.sets_transaction == rows[i].sets_transaction);
	}
}
