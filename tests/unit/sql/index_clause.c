#include "sql/index_clause.h"

#include "test.h"

static const char *or_none(const char *text)
{
	return text ? text : "(none)";
}

TEST(index_clause_names_index_and_table)
{
	static const struct {
		const char *text, *index, *table, *chosen;
		bool is_unique;
	} rows[] = {
	    {"create index concurrently i on t (a)", "i", "t", NULL, false},
	    {"CREATE UNIQUE INDEX CONCURRENTLY I ON ONLY S.T (a)", "i", "S.T", NULL, true},
	    {"create index concurrently if not exists \"I \"\"x\" on \"s\" . t (a)", "I \"x", "\"s\".t", NULL,
	     false},
	    {"create index concurrently /* x */ on t (a)", NULL, "t", "t_a_idx", false},
	    {"create unique index concurrently on s.\"T\" (a, \"B\")", NULL, "s.\"T\"", "T_a_B_idx", true},
	    {"create index concurrently on t using btree (A desc nulls last, b text_ops) where a > 1", NULL, "t",
	     "t_a_b_idx", false},
	    {"create index concurrently on t (lower(a))", NULL, "t", NULL, false},
	    {"create index concurrently on t ((a + 1))", NULL, "t", NULL, false},
	    {"create index concurrently on t (a, (b))", NULL, "t", NULL, false},
	    {"create index concurrently on t (a) include (b)", NULL, "t", NULL, false},
	    {"create index concurrently on t (a12345678901234567890, b12345678901234567890, "
	     "c12345678901234567890)",
	     NULL, "t", NULL, false},
	    {"create index concurrently on t (a", NULL, "t", NULL, false},
	    {"create index concurrently on", NULL, "", NULL, false},
	    {"create index", "", "", NULL, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct index_clause clause = index_clause_read(str_of(rows[i].text), &arena);

		CHECK_STR(or_none(clause.index), or_none(rows[i].index));
		CHECK_STR(clause.table, rows[i].table);
		CHECK_STR(or_none(clause.chosen), or_none(rows[i].chosen));
		CHECK(clause.is_unique == rows[i].is_unique);
	}
}

TEST(reindex_clause_names_its_target)
{
	static const struct {
		const char *text, *what, *name;
	} rows[] = {
	    {"reindex table concurrently a", "table", "a"},
	    {"REINDEX (VERBOSE, CONCURRENTLY TRUE) Index s.\"I\"", "index", "s.\"I\""},
	    {"reindex (tablespace (x), concurrently) schema concurrently b", "schema", "b"},
	    {"reindex -- x\n database concurrently", "database", ""},
	    {"reindex system", "system", ""},
	    {"reindex", "", ""},
	    {"reindex (", "", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct reindex_clause clause = reindex_clause_read(str_of(rows[i].text), &arena);

		CHECK_STR(clause.what, rows[i].what);
		CHECK_STR(clause.name, rows[i].name);
	}
}
