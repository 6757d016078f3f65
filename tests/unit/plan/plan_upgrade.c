#include <stdlib.h>
#include <string.h>

#include "situation.h"
#include "test.h"

struct row {
	const char *tree;
	const char *history;
	const char *target;
	const char *steps;   /* NULL when refused */
	const char *refusal; /* a part of the message, detail included */
	const char *hint;    /* a part of it */
};

static void check_row(size_t i, const struct row *row, const struct plan_options *options)
{
	scoped_arena struct arena arena = {0};
	const struct tree tree = situation_tree(&arena, row->tree);
	const struct history history = situation_history(&arena, row->history);
	struct plan plan = {0};
	struct error err = {0};
	const bool good = plan_upgrade(&tree, &history, row->target, options, &arena, &plan, &err);

	if (good && (!row->steps || strcmp(situation_steps(&arena, &plan), row->steps) != 0))
		fail_msg("row %zu: planned \"%s\"", i, situation_steps(&arena, &plan));
	if (!good && (row->steps || (!strstr(err.message, row->refusal) && !strstr(err.detail, row->refusal))))
		fail_msg("row %zu: refused: %s (%s)", i, err.message, err.detail);
	if (!good && row->hint && !strstr(err.hint, row->hint) && !strstr(err.detail, row->hint))
		fail_msg("row %zu: hint: %s", i, err.hint);
}

#define CHECK_ROWS(rows, ...)                                   \
	for (size_t i = 0; i < sizeof(rows) / sizeof(*(rows)); i++) \
	check_row(i, &(rows)[i], &(const struct plan_options){__VA_ARGS__})

TEST(upgrade_on_a_straight_line)
{
	/* clang-format off */
	static const struct row rows[] = {
		/* tree         history     target          steps */
		{"",            "",         NULL,           "", NULL, NULL},
		{"1 2 3",       "",         NULL,           "+1 +2 +3", NULL, NULL},
		{"1 2 3",       "1",        NULL,           "+2 +3", NULL, NULL},
		{"1 2 3",       "1",        "head",         "+2 +3", NULL, NULL},
		{"1 2 3",       "1",        "heads",        "+2 +3", NULL, NULL},
		{"1 2 3",       "1 2 3",    NULL,           "", NULL, NULL},
		{"2 10 100",    "2",        NULL,           "+10 +100", NULL, NULL},
		/* up to one */
		{"1 2 3",       "",         "2",            "+1 +2", NULL, NULL},
		{"1 2 3",       "",         "02",           "+1 +2", NULL, NULL},
		{"1 2 3",       "",         "02_m",         "+1 +2", NULL, NULL},
		{"1 2 3",       "",         "2_m",          "+1 +2", NULL, NULL},
		{"1 2 3",       "",         "schema/02_m.sql", "+1 +2", NULL, NULL},
		{"1 2 3",       "1 2",      "2",            "", NULL, NULL},
		{"1 2 3",       "1 2 3",    "3",            "", NULL, NULL},
		{"1 2 3",       "1 2 3",    "2",            NULL, "cannot upgrade to \"02_m\"", "downgrade 2"},
		{"1 2 3",       "1 2 3",    "1",            NULL, "the database is at \"03_m\"", "downgrade 1"},
		/* some further */
		{"1 2 3 4",     "1",        "+1",           "+2", NULL, NULL},
		{"1 2 3 4",     "1",        "+2",           "+2 +3", NULL, NULL},
		{"1 2 3 4",     "1",        "+3",           "+2 +3 +4", NULL, NULL},
		{"1 2 3 4",     "1",        "+4",           NULL, "cannot apply 4: 3 migrations are pending", "upgrade"},
		{"1 2",         "1 2",      "+1",           NULL, "0 migrations are pending", NULL},
		/* what means nothing */
		{"1 2 3",       "1",        "4",            NULL, "there is no migration \"4\"", "rung history"},
		{"1 2 3",       "1",        "02_x",         NULL, "there is no migration \"02_x\"", "02_m"},
		{"1 2 3",       "1",        "haed",         NULL, "there is no migration \"haed\"", "head"},
		{"1 2 3",       "1",        "",             NULL, "there is no migration \"\"", NULL},
		{"1 2 3",       "1",        "+0",           NULL, "not a number of migrations", "+1"},
		{"1 2 3",       "1",        "+x",           NULL, "not a number of migrations", "+1"},
		{"1 2 3",       "1",        "-1",           NULL, "cannot upgrade to \"-1\"", "downgrade -1"},
		{"1 2 3",       "1",        "base",         NULL, "cannot upgrade to \"base\"", "downgrade base"},
		{"1 2 3",       "1",        "0",            NULL, "cannot upgrade to \"0\"", "downgrade 0"},
		{"1 2 3",       "1",        "x@head",       NULL, "no migration is on a branch \"x\"", "heads"},
		{"1 2 3",       "1",        "trunk@head",   "+2 +3", NULL, NULL},
	};
	/* clang-format on */

	CHECK_ROWS(rows, .on_change = ON_CHANGE_ERROR);
}

TEST(upgrade_where_files_and_history_disagree)
{
	/* clang-format off */
	static const struct row rows[] = {
		/* edited */
		{"1* 2",        "1",        NULL,   NULL, "\"01_m\" was changed after it was applied", "repair 1"},
		{"1 2$ 3",      "",         NULL,   "+1 +3 +2", NULL, NULL},
		{"1 2 3 9$",    "1 2 9",    NULL,   "+3", NULL, NULL},
		{"1 2 3 9~$*",  "1 2 9",    NULL,   "+3 ~9", NULL, NULL},
		{"1 2 3 9~$*",  "1 9",      "2",    "+2", NULL, NULL},
		{"1 2*",        "1 2k",     NULL,   NULL, "\"02_m\" was changed after it was applied", "In development, run it again: \"rung downgrade\" (with the rollback kept"},
		{"1* 2",        "1 2",      NULL,   NULL, "\"01_m\" was changed", "on-change: reapply"},
		{"1* 2",        "1k 2k",    NULL,   NULL, "\"01_m\" was changed", "run it again with what came after it: \"rung downgrade base\" (with the rollbacks kept"},
		{"1 2* 3",      "1k 2k 3k", NULL,   NULL, "\"02_m\" was changed", "\"rung downgrade 1\" (with the rollbacks kept of what ran), then \"rung upgrade\""},
		{"1 2* 3",      "1 2k 3k",  NULL,   NULL, "\"02_m\" was changed", "\"rung downgrade 1\""},
		{"1 2* 3!",     "1k 2k 3",  NULL,   NULL, "\"02_m\" was changed", "Restore the file"},
		{"1 2 3*",      "1 2 3",    "3",    NULL, "\"03_m\" was changed", NULL},
		{"1~* 2",       "1",        NULL,   "~1 +2", NULL, NULL},
		{"1~* 2",       "1 2",      NULL,   "~1", NULL, NULL},
		{"1 2~* 3",     "1 2",      "1",    NULL, "cannot upgrade", NULL},
		{"1~ 2",        "1 2",      NULL,   "", NULL, NULL},
		{"1=* 2",       "1",        NULL,   NULL, "was changed", NULL},
		{"1* 2",        "",         NULL,   "+1 +2", NULL, NULL},
		{"1~* 2 3",     "1 2",      "+1",   "~1", NULL, NULL},
		{"1~* 2 3",     "1 2",      "+2",   "~1 +3", NULL, NULL},
		{"1 2~* 3",     "1 2",      "3",    "~2 +3", NULL, NULL},
		/* missing */
		{"1 3",         "1 2",      NULL,   NULL, "\"02_m\" is applied, but its file is missing", "version control"},
		{"1 3",         "1 2k",     NULL,   NULL, "\"02_m\" is applied", "rung downgrade\" (its rollback is kept in the database"},
		{"1",           "1 2",      NULL,   NULL, "\"02_m\" is applied", "repair 2"},
		{"1 3",         "1 2k 3k",  NULL,   NULL, "\"02_m\" is applied", "with \"rung downgrade 1\" (its rollback is kept"},
		{"1",           "1 2?",     NULL,   NULL, "\"02\" is applied", NULL},
		{"1",           "1 2",      "2",    NULL, "\"02_m\" is applied", NULL},
		{"",            "1",        NULL,   NULL, "\"01_m\" is applied", NULL},
		/* adopted rows agree with anything */
		{"1* 2",        "1?",       NULL,   "+2", NULL, NULL},
		{"1 2 3",       "1? 2?",    NULL,   "+3", NULL, NULL},
		{"1 2",         "0? 1?",    NULL,   NULL, "\"00\" is in the history", "repair --forget -- 0"},
		{"1 2",         "0",        NULL,   NULL, "\"00_m\" is in the history", NULL},
		/* renamed */
		{"1 2",         "1'",       NULL,   "+2", NULL, NULL},
		{"1* 2",        "1'",       NULL,   NULL, "\"01_m\" has the number under which \"01_old\" was applied", "renumber"},
		{"1~* 2",       "1'",       NULL,   NULL, "was applied", NULL},
		{"1 2* 3",      "1 2'k",    NULL,   NULL, "\"02_m\" has the number", "go down below \"02_old\" with \"rung downgrade\" (its rollback is kept"},
		/* out of order */
		{"1 2 3",       "1 3",      NULL,   NULL, "\"02_m\" is older than the newest applied, \"03_m\"", "--out-of-order"},
		{"1 2 3",       "1 3",      "2",    NULL, "\"02_m\" is older", "renumber"},
		{"1 2 3 4",     "1 3",      "4",    NULL, "\"02_m\" is older", NULL},
		{"1 2 3 4",     "1 3",      "+1",   NULL, "\"02_m\" is older", NULL},
		{"1 2",         "2?",       NULL,   NULL, "\"01_m\" is older than the newest applied, \"02_m\"", NULL},
		{"1 2 3",       "3",        NULL,   NULL, "disagree in 2 places", NULL},
		{"1 2",         "1 3",      NULL,   NULL, "\"02_m\" is older", NULL},
		/* half-done */
		{"1 2 3",       "1 2%",     NULL,   ">2 +3", NULL, NULL},
		{"1 2 3",       "1 2%",     "2",    ">2", NULL, NULL},
		{"1 2 3",       "1 2%",     "+1",   ">2", NULL, NULL},
		{"1 2 3",       "1 2^",     NULL,   NULL, "\"02_m\" is half rolled back", "downgrade"},
		{"1 2 3",       "1 2^",     "2",    NULL, "half rolled back", NULL},
		{"1 2* 3",      "1 2%",     NULL,   ">2 +3", NULL, NULL},
		{"1 2~* 3",     "1 2%",     NULL,   ">2 +3", NULL, NULL},
		{"1~* 2 3",     "1 2%",     NULL,   ">2 ~1 +3", NULL, NULL},
		{"1 2 3",       "1 2%",     "1",    NULL, "cannot upgrade to \"01_m\"", NULL},
		{"1 3",         "1 2%",     NULL,   NULL, "file is missing", NULL},
		{"1 2*",        "1 2%'",    NULL,   NULL, "was applied", NULL},
		/* several at once */
		{"1* 3 4*",     "1 2 4",    NULL,   NULL, "disagree in 4 places", "\"03_m\" is older"},
		{"1* 3 4*",     "1 2 4",    NULL,   NULL, "\"04_m\" was changed", "status"},
	};
	/* clang-format on */

	CHECK_ROWS(rows, .on_change = ON_CHANGE_ERROR);
}

TEST(upgrade_of_a_project_that_reapplies)
{
	/* clang-format off */
	static const struct row rows[] = {
		{"1* 2 3",      "1 2",      NULL,   "~1 +3", NULL, NULL},
		{"1* 2* 3",     "1 2",      NULL,   "~1 ~2 +3", NULL, NULL},
		{"1=* 2",       "1",        NULL,   NULL, "was changed", NULL},
		{"1* 2",        "1?",       NULL,   "+2", NULL, NULL},
		{"1* 2",        "1'",       NULL,   NULL, "was applied", NULL},
	};
	/* clang-format on */

	CHECK_ROWS(rows, .on_change = ON_CHANGE_REAPPLY);
}

TEST(upgrade_out_of_order_where_that_is_allowed)
{
	/* clang-format off */
	static const struct row rows[] = {
		{"1 2 3",       "1 3",      NULL,   "+2", NULL, NULL},
		{"1 2 3 4",     "1 3",      NULL,   "+2 +4", NULL, NULL},
		{"1 2 3 4",     "1 3",      "2",    "+2", NULL, NULL},
		{"1 2 3 4",     "1 3",      "+1",   "+2", NULL, NULL},
		{"1 2 3",       "1 3%",     NULL,   ">3 +2", NULL, NULL},
		{"1 2 3",       "1 3%",     "2",    NULL, "\"03_m\" stopped half-way", "resume"},
		{"1 2",         "1 3",      NULL,   NULL, "file is missing", NULL},
	};
	/* clang-format on */

	CHECK_ROWS(rows, .on_change = ON_CHANGE_ERROR, .allow_out_of_order = true);
}

TEST(upgrade_where_branches_part)
{
	/* clang-format off */
	static const struct row rows[] = {
		/* one head after all */
		{"1 2 3@x",             "1",        NULL,           "+2 +3", NULL, NULL},
		{"1 2@x 3<2",           "1",        NULL,           "+2 +3", NULL, NULL},
		{"1 2@x 3 4<2",         "1",        NULL,           "+2 +3 +4", NULL, NULL},
		/* several heads */
		{"1 2@x 3",             "1",        NULL,           NULL, "there are 2 heads, \"02_m\" and \"03_m\"", "merge"},
		{"1 2@x 3",             "1",        "head",         NULL, "there are 2 heads", "upgrade x@head"},
		{"1 2@x 3",             "1",        "+1",           NULL, "there are 2 heads", "upgrade heads"},
		{"1 2@x 3@y 4",         "1",        NULL,           NULL, "3 heads, \"02_m\", \"03_m\" and \"04_m\"", NULL},
		{"1 2@x 3",             "1",        "heads",        "+2 +3", NULL, NULL},
		{"1 2@x 3",             "1 2 3",    NULL,           "", NULL, NULL},
		{"1 2@x 3",             "1 2",      NULL,           NULL, "there are 2 heads", NULL},
		/* one branch alone */
		{"1 2@x 3 4@x",         "1",        "x@head",       "+2 +4", NULL, NULL},
		{"1 2@x 3 4@x",         "1",        "trunk@head",   "+3", NULL, NULL},
		{"1 2@x 3 4@x",         "",         "x@head",       "+1 +2 +4", NULL, NULL},
		{"1 2@x 3 4@x",         "1",        "3",            "+3", NULL, NULL},
		{"1 2@xray 3",          "1",        "xrey@head",    NULL, "no migration is on a branch \"xrey\"", "xray@head"},
		/* another branch is never out of order */
		{"1 2@x 3",             "1 3",      "x@head",       "+2", NULL, NULL},
		{"1 2@x 3",             "1 3",      "2",            "+2", NULL, NULL},
		{"1 2@x 3",             "1 3",      "heads",        "+2", NULL, NULL},
		{"1 2@x 3@y",           "1 3",      "x@head",       "+2", NULL, NULL},
		{"1 2 3@x<1",           "1 3",      "trunk@head",   "+2", NULL, NULL},
		/* but what a merge took in is */
		{"1 2@x 3 4<2",         "1 3 4",    NULL,           NULL, "\"02_m\" is older", NULL},
		/* required numbers come first, whatever they are */
		{"1 2@x<4 3 4 5<2",     "1",        NULL,           "+3 +4 +2 +5", NULL, NULL},
		{"1 2@x<3 3 4@x",       "1",        "x@head",       "+3 +2 +4", NULL, NULL},
		/* half-done elsewhere */
		{"1 2@x 3",             "1 2%",     "trunk@head",   NULL, "\"02_m\" stopped half-way", "resume"},
		{"1 2@x 3",             "1 2%",     "heads",        ">2 +3", NULL, NULL},
		/* behind on the own branch, ahead on another */
		{"1 2@x 3 4@x",         "1 2 4",    "2",            NULL, "cannot upgrade to \"02_m\"", NULL},
		{"1 2@x 3",             "1 2 3",    "2",            "", NULL, NULL},
	};
	/* clang-format on */

	CHECK_ROWS(rows, .on_change = ON_CHANGE_ERROR);
}

struct rest_row {
	const char *tree;
	const char *history;
	const char *wanted; /* steps as situation_steps() writes them */
	const char *steps;  /* NULL when refused */
	const char *refusal;
};

/* The plan that an earlier look made, in another database state. */
static struct plan wanted_of(struct arena *arena, const struct tree *tree, const char *text)
{
	struct str rest = str_of(text);
	struct str word;
	struct plan plan = {0};

	while (str_split_next(&rest, ' ', &word)) {
		struct record *record = arena_new(arena, struct record);

		record->version = strtoll(word.text + 1, NULL, 10);
		*ARENA_PUSH(arena, plan.steps, plan.count) = (struct step){
		    .action = word.text[0] == '+' ? STEP_APPLY : STEP_ROLLBACK,
		    .migration = tree_find_number(tree, record->version),
		    .record = record,
		};
	}
	return plan;
}

TEST(upgrade_that_was_cut_off_continues_with_its_own_steps)
{
	/* clang-format off */
	static const struct rest_row rows[] = {
		/* tree        history    wanted        steps */
		{"1 2 3 4 5",  "1 2",     "+2 +3 +4",   "+3 +4", NULL},
		{"1 2 3 4 5",  "1",       "+2 +3",      "+2 +3", NULL},
		{"1 2 3 4 5",  "1 2 3 4", "+2 +3",      "", NULL},
		/* a file that came in between is not one of them */
		{"1 2 3 4 5",  "1 2 4",   "+2 +5",      "+5", NULL},
		{"1 2 5 6",    "1 2",     "+2 +3",      NULL, "no pending migration has number 3"},
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};
		const struct tree tree = situation_tree(&arena, rows[i].tree);
		const struct history history = situation_history(&arena, rows[i].history);
		const struct plan wanted = wanted_of(&arena, &tree, rows[i].wanted);
		const struct plan_options options = {.allow_out_of_order = true};
		struct plan plan = {0};
		struct error err = {0};
		const bool good = plan_upgrade_rest(&tree, &history, &wanted, &options, &arena, &plan, &err);

		CHECK(good == (rows[i].steps != NULL));
		if (good)
			CHECK_STR(situation_steps(&arena, &plan), rows[i].steps);
		else
			CHECK(strstr(err.message, rows[i].refusal));
	}
}
