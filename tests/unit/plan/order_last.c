/*
 * What runs after all others: wherever its number is, with or without a rollback, pending, applied or
 * changed, against every kind of target.
 */
#include <string.h>

#include "base/buffer.h"
#include "situation.h"
#include "test.h"

struct row {
	const char *tree;
	const char *history;
	const char *target;
	const char *steps; /* what is passed over after a bar; NULL when refused */
};

static const char *outcome(struct arena *arena, const struct plan *plan)
{
	const struct plan passed = {.steps = plan->passed_over, .count = plan->passed_count};
	const char *steps = situation_steps(arena, plan);

	return passed.count ? arena_printf(arena, "%s|%s", steps, situation_steps(arena, &passed)) : steps;
}

static void check_row(size_t i, const struct row *row, bool is_up)
{
	scoped_arena struct arena arena = {0};
	const struct tree tree = situation_tree(&arena, row->tree);
	const struct history history = situation_history(&arena, row->history);
	const struct plan_options options = {.on_change = ON_CHANGE_ERROR};
	struct plan plan = {0};
	struct error err = {0};
	const bool good = is_up ? plan_upgrade(&tree, &history, row->target, &options, &arena, &plan, &err)
	                        : plan_downgrade(&tree, &history, row->target, &arena, &plan, &err);

	if (good && (!row->steps || strcmp(outcome(&arena, &plan), row->steps) != 0))
		fail_msg("row %zu: planned \"%s\"", i, outcome(&arena, &plan));
	if (!good && row->steps)
		fail_msg("row %zu: refused: %s (%s)", i, err.message, err.detail);
}

TEST(upgrade_reaches_what_runs_last_after_everything)
{
	/* clang-format off */
	static const struct row rows[] = {
		/* pending, first, in the middle and last by number */
		{"1$ 2 3",      "",         NULL,   "+2 +3 +1"},
		{"1 2$ 3",      "",         NULL,   "+1 +3 +2"},
		{"1 2 3$",      "",         NULL,   "+1 +2 +3"},
		{"1$ 2 3",      "",         "1",    "+2 +3 +1"},
		{"1 2$ 3",      "",         "2",    "+1 +3 +2"},
		{"1 2 3$",      "",         "3",    "+1 +2 +3"},
		{"1$ 2 3",      "",         "2",    "+2|+1"},
		{"1 2$ 3",      "",         "3",    "+1 +3|+2"},
		{"1 2 3$",      "",         "1",    "+1|+3"},
		{"1$ 2 3",      "",         "+1",   "+2"},
		{"1 2$ 3",      "",         "+2",   "+1 +3"},
		{"1 2$ 3",      "",         "+3",   "+1 +3 +2"},
		{"1 2$ 3",      "",         "+4",   NULL},
		{"1$ 2 3",      "",         "heads", "+2 +3 +1"},
		{"1$ 2 3",      "",         "trunk@head", "+2 +3|+1"},
		{"1$ 2 3",      "2 3",      NULL,   "+1"},
		{"1$ 2 3",      "2 3",      "+1",   "+1"},
		{"1$ 2 3",      "2 3",      "3",    "|+1"},
		/* applied: no obstacle for what comes later, and nothing to do */
		{"1$ 2 3",      "1 2",      NULL,   "+3"},
		{"1 2$ 3",      "1 2",      "2",    "+3"},
		{"1 2 3 9$",    "1 2 9",    "9",    "+3"},
		{"1 2 3 9$",    "1 2 9",    "3",    "+3"},
		{"1 2 3$",      "1 2 3",    "3",    ""},
		{"1 2 3$",      "1 2 3",    "2",    ""},
		{"1 2 3$",      "1 2 3",    "1",    NULL},
		/* changed */
		{"1 2~$* 3",    "1 2 3",    NULL,   "~2"},
		{"1 2~$* 3",    "1 2 3",    "2",    "~2"},
		{"1 2~$* 3",    "1 2 3",    "+1",   "~2"},
		{"1 2~$* 3",    "1 2 3",    "3",    "|~2"},
		{"1 2~$* 3",    "1 2",      NULL,   "+3 ~2"},
		{"1 2~$* 3",    "1 2",      "2",    "+3 ~2"},
		{"1 2~$* 3",    "1 2",      "3",    "+3|~2"},
		{"1 2~$* 3",    "1 2",      "+1",   "+3"},
		{"1 2$* 3",     "1 2",      NULL,   NULL},
		/* half-done */
		{"1 2 9$",      "1 9%",     NULL,   ">9 +2"},
		{"1 2 9$",      "1 9%",     "9",    ">9 +2"},
		{"1 2 9$",      "1 9%",     "2",    NULL},
		/* several */
		{"1 7$ 8$ 9",   "",         "8",    "+1 +9 +7 +8"},
		{"1 7$ 8$ 9",   "",         "7",    "+1 +9 +7|+8"},
		{"1 7$<8 8$ 9", "",         "7",    "+1 +9 +8 +7"},
		/* on every branch */
		{"1 2@x 3 9$",  "",         "9",    "+1 +2 +3 +9"},
		{"1 2@x 3 9$",  "",         "3",    "+1 +3|+9"},
		{"1 2@x 3 9$",  "",         NULL,   NULL},
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(i, &rows[i], true);
}

TEST(downgrade_takes_what_runs_last_first_or_passes_it_over)
{
	/* clang-format off */
	static const struct row rows[] = {
		/* with a way back */
		{"1$ 2 3",      "1 2 3",    NULL,   "-1"},
		{"1$ 2 3",      "1 2 3",    "-2",   "-1 -3"},
		{"1$ 2 3",      "1 2 3",    "2",    "-1 -3"},
		{"1 2$ 3",      "1 2 3",    "1",    "-2 -3"},
		{"1 2 3$",      "1 2 3",    "1",    "-3 -2"},
		{"1 2 3$",      "1 2 3",    "2",    "-3"},
		{"1 2 3$",      "1 2",      "1",    "-2"},
		{"1 2 3$",      "1 2 3",    "base", "-3 -2 -1"},
		{"1 2 3$-",     "1 2 3k",   "1",    "-3 -2"},
		/* down to one of them: everything before it stays */
		{"1$ 2 3",      "1 2 3",    "1",    ""},
		{"1 2 3$",      "1 2 3",    "3",    ""},
		{"1 7$ 8$ 9",   "1 7 8 9",  "7",    "-8"},
		{"1 7$ 8$ 9",   "1 7 8 9",  "9",    "-8 -7"},
		{"1 2 3$",      "1 2",      "3",    NULL},
		/* without one */
		{"1$- 2 3",     "1 2 3",    NULL,   "-3|-1"},
		{"1 2$- 3",     "1 2 3",    "-2",   "-3 -1|-2"},
		{"1 2$- 3",     "1 2 3",    "-3",   NULL},
		{"1 2 3$!",     "1 2 3",    "1",    "-2|-3"},
		{"1 2 3$!",     "1 2 3k",   "1",    "-2|-3"},
		{"1 2 3$!",     "1 2 3",    "2",    "|-3"},
		{"1 2 3$-",     "1 2 3",    "base", NULL},
		{"1 2 3$!",     "1 2 3",    "base", NULL},
		{"1 8$ 9$-",    "1 8 9",    NULL,   "-8|-9"},
		/* changed: by the rollback that was kept of what ran */
		{"1 2~$* 3",    "1 2k 3",   "1",    "-2k -3"},
		{"1 2~$* 3",    "1 2 3",    "1",    "-2 -3"},
		{"1 2~$*- 3",   "1 2 3",    "1",    "-3|-2"},
		/* half-done: nothing to pass over */
		{"1 2 3$-",     "1 2 3%",   "1",    NULL},
		{"1 2 3$",      "1 2 3^",   "1",    "-3 -2"},
		/* another file has the number now: nobody knows when that one ran */
		{"1 2 3$-*",    "1 2 3'",   "1",    NULL},
		/* branches */
		{"1 2@x 3 9$",  "1 2 3 9",  "3",    "-9"},
		{"1 2@x 3 9$-", "1 2 3 9",  "1",    "-3 -2|-9"},
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_row(i, &rows[i], false);
}

/* Where a range begins. */
TEST(a_database_taken_to_be_at_what_runs_last_has_everything_before_it)
{
	static const struct {
		const char *tree;
		const char *target;
		const char *applied;
	} rows[] = {
	    {"1$ 2 3", "1", "1 2 3"}, {"1 2$ 3", "2", "1 2 3"},       {"1 2$ 3", "3", "1 3"},
	    {"1 2$ 3", "1", "1"},     {"1 7$ 8$ 9", "7", "1 7 9"},    {"1 2$ 3", "head", "1 2 3"},
	    {"1 2$ 3", "base", ""},   {"1 2@x 3 9$", "9", "1 2 3 9"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = situation_tree(&arena, rows[i].tree);
		struct buffer applied = {.arena = &arena};
		struct history history = {0};
		struct error err = {0};

		CHECK(plan_assume(&tree, rows[i].target, &arena, &history, &err));
		for (size_t j = 0; j < history.count; j++)
			buffer_printf(&applied, "%s%lld", j ? " " : "", (long long)history.records[j].version);
		CHECK_STR(buffer_cstr(&applied), rows[i].applied);
	}
}
