#include "migration/directive.h"

#include <string.h>

#include "test.h"

static bool parse(const char *text, struct arena *arena, struct directives *out, struct error *err)
{
	return directives_parse(str_of(text), "schema/06_x.sql", arena, out, err);
}

/* Each directive of the help, after one that is none and before one that is read twice. */
TEST(one_bad_directive_hides_no_other)
{
	static const char *const bad[] = {"-- rung: nonsense: 1", "-- rung: lock-timeout: soon",
	                                  "-- rung breaking: x", "-- rung: order: first"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		scoped_arena struct arena arena = {0};
		struct directives said;
		struct error err = {0};
		const char *text =
		    arena_printf(&arena,
		                 "%s\n-- rung: irreversible: a\n-- rung: requires: 4\n-- rung: branch: b\n"
		                 "-- rung: branch: c\n-- rung: transaction: none\nselect 1;",
		                 bad[i]);

		CHECK_ROW(i, !parse(text, &arena, &said, &err));
		CHECK_ROW(i, said.irreversible && said.require_count == 1 && said.transaction_none);
		CHECK_STR(said.branch, "b");
		CHECK_STR(err.place, "schema/06_x.sql:1:1");
		CHECK_ROW(i, strstr(err.detail, "06_x.sql:5:1: cannot read directive \"branch\""));
	}
}

TEST(a_head_without_directives_says_nothing)
{
	scoped_arena struct arena arena = {0};
	static const char *const texts[] = {
	    "",
	    "select 1;",
	    "-- a comment about rung\nselect 1;",
	    "-- rung is a tool: it climbs\n",
	    "/* -- rung: nonsense */ select 1;",
	    "/* a /* nested -- rung: nonsense */ one\n-- rung: nonsense\n*/ select 1;",
	    "select 1;\n-- rung: nonsense\n",
	    "select '\n-- rung: nonsense';",
	    "/* never closed\n-- rung: nonsense",
	    "\\i other.sql\n-- rung: nonsense\n",
	    "--",
	    "-- rungs: of a ladder",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct directives said;
		struct error err;

		CHECK_ROW(i, parse(texts[i], &arena, &said, &err));
		CHECK_ROW(i, !said.transaction_none && !said.irreversible && !said.empty && !said.breaking &&
		                 !said.branch && said.require_count == 0);
		CHECK_ROW(i, said.lock_timeout_ms == -1 && said.statement_timeout_ms == -1 && said.waiver_count == 0);
	}
}

TEST(every_directive_is_read)
{
	scoped_arena struct arena arena = {0};
	struct directives said;
	struct error err;

	CHECK(parse(
	    "\xEF\xBB\xBF-- rung: transaction: none\r\n-- rung: irreversible: the old values are gone: all\r\n-- "
	    "rung: empty: nothing to do: on purpose\n-- rung: breaking: clients older than 2.0 cannot log in\n-- "
	    "rung: on-change: reapply\n-- rung: order: last\n/* in between */ -- rung: requires: 04, 7\n\\set "
	    "ON_ERROR_STOP on\n-- rung: requires: 8 9\n-- rung: branch: billing-2\n-- rung: lock-timeout: 2s\n-- "
	    "rung: statement-timeout: 1h\n-- rung: allow: drop-column its output goes nowhere\n-- rung: allow: "
	    "rename\n-- rung: batch table=orders key=id\nupdate orders set a = 1 where id > :lo and id <= :hi;",
	    &arena, &said, &err));
	CHECK(said.transaction_none);
	CHECK_STR(said.irreversible, "the old values are gone: all");
	CHECK_STR(said.empty, "nothing to do: on purpose");
	CHECK_STR(said.breaking, "clients older than 2.0 cannot log in");
	CHECK(said.on_change == ON_CHANGE_REAPPLY);
	CHECK(said.require_count == 4 && said.requires[0] == 4 && said.requires[1] == 7 && said.requires[3] == 9);
	CHECK_STR(said.branch, "billing-2");
	CHECK_INT(said.lock_timeout_ms, 2000);
	CHECK_INT(said.statement_timeout_ms, 3600000);
	CHECK_INT(said.waiver_count, 2);
	CHECK_STR(said.waivers[0].rule, "drop-column");
	CHECK_STR(said.waivers[0].reason, "its output goes nowhere");
	CHECK_STR(said.waivers[1].reason, "");
}

TEST(spacing_and_case_do_not_matter)
{
	static const char *const texts[] = {
	    "--rung:transaction:none",
	    "--  Rung : Transaction : NONE  ",
	    "---- rung: transaction: none",
	    "-- rung:\ttransaction:\tnone\n",
	    "\n\n   -- rung: transaction: none\r\n",
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct directives said;
		struct error err;

		CHECK_ROW(i, parse(texts[i], &arena, &said, &err) && said.transaction_none);
	}
}

TEST(bad_directives_are_refused_with_place_and_advice)
{
	static const struct {
		const char *text;
		const char *message; /* parts of both */
		const char *hint;
		const char *place;
	} rows[] = {
	    {"-- rung: transacton: none", "unknown directive \"transacton\"", "\"transaction\"", "06_x.sql:1:1"},
	    {"-- hi\n  -- rung: zebra\n", "unknown directive \"zebra\"", "is a directive", "06_x.sql:2:3"},
	    {"-- rung:", "unknown directive \"\"", "is a directive", "06_x.sql:1:1"},
	    {"-- rung: transaction: on", "the only value is \"none\"", "transaction: none", ":1:1"},
	    {"-- rung: transaction none", "colon after its name", "transaction: none", ":1:1"},
	    {"-- rung transaction: none", "colon after \"rung\"", "transaction: none", ":1:1"},
	    {"-- rung: transaction: none\n--\n-- rung: transaction: none", "already in line 1", "", ":3:1"},
	    {"-- rung: irreversible:", "the reason is missing", "irreversible: the old", ":1:1"},
	    {"-- rung: irreversible", "colon after its name", "irreversible: the old", ":1:1"},
	    {"-- rung: breaking:", "the reason is missing", "breaking: the old", ":1:1"},
	    {"-- rung: breaking: a\n-- rung: breaking: b", "already in line 1", "", ":2:1"},
	    {"-- rung: on-change: rerun", "\"reapply\" and \"error\"", "", ":1:1"},
	    {"-- rung: requires:", "numbers are missing", "04, 07", ":1:1"},
	    {"-- rung: requires: users", "numbers of migrations", "04, 07", ":1:1"},
	    {"-- rung: requires: 0", "numbers of migrations", "04, 07", ":1:1"},
	    {"-- rung: requires: 1234567890123456789", "numbers of migrations", "", ":1:1"},
	    {"-- rung: branch:", "name is missing", "branch: billing", ":1:1"},
	    {"-- rung: branch: a b", "letters, digits", "", ":1:1"},
	    {"-- rung: branch: x@head", "letters, digits", "", ":1:1"},
	    {"-- rung: branch: trunk", "has a meaning already", "", ":1:1"},
	    {"-- rung: lock-timeout: soon", "duration", "lock-timeout: 2s", ":1:1"},
	    {"-- rung: lock-timeout: -1", "duration", "", ":1:1"},
	    {"-- rung: lock-timeout:", "duration", "", ":1:1"},
	    {"-- rung: statement-timeout: 30d", "24 days", "", ":1:1"},
	    {"-- rung: allow:", "the rule is missing", "rule-id", ":1:1"},
	    {"-- rung: batch", "what to go through", "table=orders", ":1:1"},
	    {"-- rung: batch table=a\n", "no statement follows", "", ":1:1"},
	    {"-- rung: batch table=a\n-- rung: transaction: none\nselect 1;", "right before its statement", "",
	     ":2:1"},
	    {"-- rung: batch table=a\n-- rung: batch table=a\nselect 1;", "right before its statement", "",
	     ":2:1"},
	};
	scoped_arena struct arena arena = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct directives said;
		struct error err;

		CHECK_ROW(i, !parse(rows[i].text, &arena, &said, &err));
		if (!strstr(err.message, rows[i].message) || !strstr(err.hint, rows[i].hint) ||
		    !strstr(err.place, rows[i].place))
			fail_msg("row %zu: %s (%s) at %s", i, err.message, err.hint, err.place);
	}
}

TEST(a_waiver_may_be_between_a_batch_and_its_statement)
{
	scoped_arena struct arena arena = {0};
	struct directives said;
	struct error err;

	CHECK(parse("-- rung: batch table=a\n-- rung: allow: x y\nupdate a set b = 1;", &arena, &said, &err));
	CHECK_INT(said.waiver_count, 1);
}
