#include <string.h>

#include "situation.h"
#include "test.h"

TEST(downgrade_goes_back_in_reverse)
{
	/* clang-format off */
	static const struct {
		const char *tree;
		const char *history;
		const char *target;
		const char *steps;   /* NULL when refused */
		const char *refusal; /* a part of the message, detail included */
		const char *hint;
	} rows[] = {
		/* tree         history     target      steps */
		{"1 2 3",       "1 2 3",    NULL,       "-3", NULL, NULL},
		{"1 2 3",       "1 2 3",    "-1",       "-3", NULL, NULL},
		{"1 2 3",       "1 2 3",    "-2",       "-3 -2", NULL, NULL},
		{"1 2 3",       "1 2 3",    "-3",       "-3 -2 -1", NULL, NULL},
		{"1 2 3",       "1 2",      NULL,       "-2", NULL, NULL},
		{"1 2 3",       "1 2 3",    "base",     "-3 -2 -1", NULL, NULL},
		{"1 2 3",       "1 2 3",    "0",        "-3 -2 -1", NULL, NULL},
		{"1 2 3",       "",         "base",     "", NULL, NULL},
		{"1 2 3",       "1 2 3",    "1",        "-3 -2", NULL, NULL},
		{"1 2 3",       "1 2 3",    "01_m",     "-3 -2", NULL, NULL},
		{"1 2 3",       "1 2 3",    "3",        "", NULL, NULL},
		{"1 2 3",       "1 3",      NULL,       "-3", NULL, NULL},
		{"1 2 3",       "1 3",      "1",        "-3", NULL, NULL},
		{"1 2 3",       "1 3",      "-2",       "-3 -1", NULL, NULL},
		{"1 2",         "0? 1? 2?", "base",     NULL, "\"00\" is in the history", "repair --forget -- 0"},
		{"1 2",         "0? 1? 2?", "1",        "-2", NULL, NULL},
		/* what means nothing */
		{"1 2 3",       "1 2",      "3",        NULL, "cannot downgrade to \"03_m\": it is not applied", "upgrade 3"},
		{"1 2 3",       "1 2 3",    "9",        NULL, "there is no migration \"9\"", NULL},
		{"1 2 3",       "1 2 3",    "-4",       NULL, "cannot roll back 4: 3 migrations are applied", "downgrade base"},
		{"1 2 3",       "",         NULL,       NULL, "no migration is applied", NULL},
		{"1 2 3",       "1",        "-0",       NULL, "not a number of migrations", "-1"},
		{"1 2 3",       "1",        "head",     NULL, "cannot downgrade to \"head\"", "upgrade head"},
		{"1 2 3",       "1",        "+1",       NULL, "cannot downgrade to \"+1\"", "upgrade +1"},
		/* no way back: nothing runs at all */
		{"1 2! 3",      "1 2 3",    "1",        NULL, "\"02_m\" is irreversible: the old values are gone", "backup"},
		{"1 2! 3",      "1 2 3",    NULL,       "-3", NULL, NULL},
		{"1 2! 3",      "1 2k 3",   "1",        NULL, "irreversible", NULL},
		{"1 2- 3",      "1 2 3",    "1",        NULL, "\"02_m\" has no rollback", "rollback/rollback_02_m.sql"},
		{"1 2- 3",      "1 2k 3",   "1",        "-3 -2", NULL, NULL},
		{"1! 2- 3",     "1 2 3",    "base",     NULL, "no way down in 2 places", NULL},
		/* files may be gone where the database kept the rollback */
		{"1",           "1 2k",     NULL,       "-2k", NULL, NULL},
		{"1 3",         "1 2k 3",   "1",        "-3 -2k", NULL, NULL},
		{"1",           "1 2",      NULL,       NULL, "neither its rollback's file nor a copy", "version control"},
		{"1",           "1 2k 3k",  "2",        "-3k", NULL, NULL},
		{"",            "1k 2k",    "base",     "-2k -1k", NULL, NULL},
		/* edited, renamed, replaced */
		{"1 2*",        "1 2",      NULL,       "-2", NULL, NULL},
		{"1 2",         "1 2'",     NULL,       "-2", NULL, NULL},
		{"1 2*",        "1 2'k",    NULL,       "-2k", NULL, NULL},
		{"1 2*",        "1 2k",     NULL,       "-2k", NULL, NULL},
		/* what runs last, whatever its number */
		{"1 2 9$!",     "1 2 9",    NULL,       "-2", NULL, NULL},
		{"1 2 9$!",     "1 2 9",    "1",        "-2", NULL, NULL},
		{"1 2 9$",      "1 2 9",    NULL,       "-9", NULL, NULL},
		{"1 2$ 3",      "1 2 3",    "base",     "-2 -3 -1", NULL, NULL},
		{"1* 2",        "1k 2k",    "base",     "-2 -1k", NULL, NULL},
		{"1 2*",        "1 2'",     NULL,       NULL, "neither its rollback's file nor a copy", NULL},
		/* half-done */
		{"1 2",         "1 2%",     NULL,       NULL, "\"02_m\" stopped half-way", "resume"},
		{"1 2 3@x<1",   "1 2% 3",   "base",     NULL, "\"02_m\" stopped half-way", NULL},
		{"1 2@x 3",     "1 2% 3",   "1",        NULL, "stopped half-way", NULL},
		{"1 2",         "1 2^",     NULL,       "-2", NULL, NULL},
		{"1 2",         "1 2^",     "base",     "-2 -1", NULL, NULL},
		{"1",           "1 2^k",    NULL,       "-2k", NULL, NULL},
		/* branches */
		{"1 2@x 3",     "1 2 3",    NULL,       NULL, "cannot tell what to roll back", "Name the migration"},
		{"1 2@x 3",     "1 2 3",    "-3",       "-3 -2 -1", NULL, NULL},
		{"1 2@x 3",     "1 2 3",    "base",     "-3 -2 -1", NULL, NULL},
		{"1 2@x 3",     "1 2 3",    "1",        "-3 -2", NULL, NULL},
		{"1 2@x 3 4@x", "1 2 3 4",  "2",        "-4", NULL, NULL},
		{"1 2@x 3 4@x", "1 2 4",    "-1",       "-4", NULL, NULL},
		{"1 2 3@x<1",   "1 2 3",    "2",        "", NULL, NULL},
		{"1 2@x<4 3 4 5<2", "1 2 3 4 5", "base", "-5 -2 -4 -3 -1", NULL, NULL},
		{"1 2@x<4 3 4 5<2", "1 2 3 4 5", "4",   "-5 -2", NULL, NULL},
		{"1 2@x 3 4<2", "1 2 3 4",  NULL,       "-4", NULL, NULL},
		{"1 2@x 3 4<2", "1 2 3 4",  "-2",       "-4 -3", NULL, NULL},
		{"1 2@x 3 4<2", "1 2 3 4",  "x@head",   "-4", NULL, NULL},
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = situation_tree(&arena, rows[i].tree);
		const struct history history = situation_history(&arena, rows[i].history);
		struct plan plan = {0};
		struct error err = {0};
		const bool good = plan_downgrade(&tree, &history, rows[i].target, &arena, &plan, &err);

		if (good && (!rows[i].steps || strcmp(situation_steps(&arena, &plan), rows[i].steps) != 0))
			fail_msg("row %zu: planned \"%s\"", i, situation_steps(&arena, &plan));
		if (!good && (rows[i].steps ||
		              (!strstr(err.message, rows[i].refusal) && !strstr(err.detail, rows[i].refusal))))
			fail_msg("row %zu: refused: %s (%s)", i, err.message, err.detail);
		if (!good && rows[i].hint && !strstr(err.hint, rows[i].hint))
			fail_msg("row %zu: hint: %s", i, err.hint);
	}
}

TEST(downgrade_continues_with_what_is_left)
{
	/* clang-format off */
	static const struct {
		const char *tree;
		const char *before;
		const char *target;
		const char *after;
		const char *steps; /* NULL when refused */
		const char *refusal;
	} rows[] = {
		/* tree         before     target  after     steps */
		{"1 2 3",       "1 2 3",   "-2",   "1 2 3",  "-3 -2", NULL},
		{"1 2 3",       "1 2 3",   "-2",   "1 2",    "-2", NULL},
		{"1 2 3",       "1 2 3",   "-2",   "1 2^",   "-2", NULL},
		{"1 2 3",       "1 2 3",   "-2",   "1",      "", NULL},
		/* below a merge there are two ways down, but what is wanted is known */
		{"1 2@x 3 4<2", "1 2 3 4", "-2",   "1 2 3",  "-3", NULL},
		{"1 2@x 3 4<2", "1 2 3 4", "-3",   "1 2 3",  "-3 -2", NULL},
		{"1 2 3 4",     "1 2 3",   "-1",   "1 2 3 4", NULL, "\"04_m\", which depends on it, was applied in the meantime"},
		{"1 2 3 4@x<1", "1 2 3",   "-1",   "1 2 3 4", "-3", NULL},
		{"1 2",         "1 2",     "-1",   "1 2%",   NULL, "stopped half-way"},
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = situation_tree(&arena, rows[i].tree);
		const struct history before = situation_history(&arena, rows[i].before);
		const struct history after = situation_history(&arena, rows[i].after);
		struct plan wanted = {0};
		struct plan rest = {0};
		struct error err = {0};

		CHECK(plan_downgrade(&tree, &before, rows[i].target, &arena, &wanted, &err));
		const bool good = plan_downgrade_rest(&tree, &after, &wanted, &arena, &rest, &err);
		if (good && (!rows[i].steps || strcmp(situation_steps(&arena, &rest), rows[i].steps) != 0))
			fail_msg("row %zu: planned \"%s\"", i, situation_steps(&arena, &rest));
		if (!good && (rows[i].steps || !strstr(err.message, rows[i].refusal)))
			fail_msg("row %zu: refused: %s (%s)", i, err.message, err.detail);
	}
}
