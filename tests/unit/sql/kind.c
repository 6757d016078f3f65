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
	    {"commit prepared 'x'", STATEMENT_PLAIN},
	    {"rollback", STATEMENT_ROLLBACK},
	    {"abort transaction", STATEMENT_ROLLBACK},
	    {"rollback prepared 'x'", STATEMENT_PLAIN},
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
		enum plain_kind plain; /* PLAIN_NONE: it can */
		int concurrent;
	} rows[] = {
	    {"create index concurrently i on t (a)", PLAIN_INDEX_CONCURRENTLY, CONCURRENT},
	    {"create unique index concurrently if not exists i on t (a)", PLAIN_INDEX_CONCURRENTLY, CONCURRENT},
	    {"CREATE/**/INDEX\nCONCURRENTLY ON t (a)", PLAIN_INDEX_CONCURRENTLY, CONCURRENT},
	    {"create index i on concurrently (a)", PLAIN_NONE, 0},
	    {"create index \"concurrently\" on t (a)", PLAIN_NONE, 0},
	    {"drop index concurrently if exists i", PLAIN_DROP_INDEX_CONCURRENTLY, CONCURRENT},
	    {"drop index i", PLAIN_NONE, 0},
	    {"reindex table t", PLAIN_NONE, 0},
	    {"reindex index i", PLAIN_NONE, 0},
	    {"reindex table concurrently t", PLAIN_REINDEX, CONCURRENT},
	    {"reindex (verbose) index concurrently i", PLAIN_REINDEX, CONCURRENT},
	    {"reindex (concurrently) table t", PLAIN_REINDEX, CONCURRENT},
	    {"reindex (verbose, concurrently on, tablespace x) table t", PLAIN_REINDEX, CONCURRENT},
	    {"reindex (concurrently off) table t", PLAIN_NONE, 0},
	    {"reindex (concurrently false) schema s", PLAIN_REINDEX, 0},
	    {"reindex schema s", PLAIN_REINDEX, 0},
	    {"reindex (verbose) database d", PLAIN_REINDEX, 0},
	    {"reindex system d", PLAIN_REINDEX, 0},
	    {"reindex schema concurrently s", PLAIN_REINDEX, CONCURRENT},
	    {"alter table t detach partition p concurrently", PLAIN_DETACH_CONCURRENTLY, CONCURRENT},
	    {"alter table if exists only a.t detach partition b.\"p q\" concurrently", PLAIN_DETACH_CONCURRENTLY,
	     CONCURRENT},
	    {"alter table t detach partition p finalize", PLAIN_NONE, 0},
	    {"alter table t detach partition p", PLAIN_NONE, 0},
	    {"alter table t detach partition concurrently", PLAIN_NONE, 0},
	    {"vacuum", PLAIN_REPEATABLE, 0},
	    {"vacuum (full, analyze) t", PLAIN_REPEATABLE, 0},
	    {"analyze t", PLAIN_NONE, 0},
	    {"cluster", PLAIN_REPEATABLE, 0},
	    {"cluster verbose", PLAIN_REPEATABLE, 0},
	    {"cluster (verbose)", PLAIN_REPEATABLE, 0},
	    {"cluster t using i", PLAIN_NONE, 0},
	    {"cluster verbose t", PLAIN_NONE, 0},
	    {"cluster (verbose) t", PLAIN_NONE, 0},
	    {"repack (concurrently) t", PLAIN_REPEATABLE, CONCURRENT},
	    {"repack t", PLAIN_NONE, 0},
	    {"create database d", PLAIN_CREATE, 0},
	    {"drop database if exists d with (force)", PLAIN_DROP, 0},
	    {"alter database d set tablespace t", PLAIN_REPEATABLE, 0},
	    {"alter database d set work_mem = 1", PLAIN_NONE, 0},
	    {"create tablespace t location '/x'", PLAIN_CREATE, 0},
	    {"drop tablespace t", PLAIN_DROP, 0},
	    {"alter system set work_mem = 1", PLAIN_REPEATABLE, 0},
	    {"create subscription s connection 'x' publication p", PLAIN_CREATE, 0},
	    {"create subscription s connection 'x' publication p with (connect = false)", PLAIN_NONE, 0},
	    {"create subscription s connection 'x' publication p, q with (enabled, create_slot=off)", PLAIN_NONE,
	     0},
	    {"create subscription s connection 'x' publication p with (create_slot = true)", PLAIN_CREATE, 0},
	    {"create subscription s connection 'x' publication p with (create_slot)", PLAIN_CREATE, 0},
	    {"drop subscription s", PLAIN_DROP, 0},
	    {"alter subscription s refresh publication", PLAIN_REPEATABLE, 0},
	    {"alter subscription s set publication p, q", PLAIN_REPEATABLE, 0},
	    {"alter subscription s set publication p with (refresh = false)", PLAIN_NONE, 0},
	    {"alter subscription s add publication p with (copy_data = false)", PLAIN_OTHER, 0},
	    {"alter subscription s drop publication p", PLAIN_OTHER, 0},
	    {"alter subscription s set (failover = true)", PLAIN_REPEATABLE, 0},
	    {"alter subscription s set (slot_name = none)", PLAIN_NONE, 0},
	    {"alter subscription s disable", PLAIN_NONE, 0},
	    {"commit prepared 'x'", PLAIN_OTHER, 0},
	    {"discard all", PLAIN_REPEATABLE, 0},
	    {"discard plans", PLAIN_NONE, 0},
	    {"alter type t add value 'x'", PLAIN_NONE, 0},
	    {"refresh materialized view concurrently m", PLAIN_NONE, 0},
	    {"truncate t", PLAIN_NONE, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct statement_kind kind = statement_kind(str_of(rows[i].text), 0);

		CHECK_ROW(i, kind.plain == rows[i].plain);
		CHECK_ROW(i, (kind.class == STATEMENT_PLAIN) == (rows[i].plain != PLAIN_NONE));
		CHECK_ROW(i, (kind.name != NULL) == (rows[i].plain != PLAIN_NONE));
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
		CHECK_ROW(i, (statement_kind(str_of(rows[i].text), rows[i].version).class == STATEMENT_PLAIN) ==
		                 rows[i].is_plain);
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
	    {"select pg_catalog.set_config('search_path', '', false)", true},
	    {"select set_config('a.b', '', false)", true},
	    {"select 'set_config'", false},
	    {"show work_mem", false},
	    {"alter role x set work_mem = 1", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_ROW(i, statement_kind(str_of(rows[i].text), 0).changes_session == rows[i].changes_session);
}
