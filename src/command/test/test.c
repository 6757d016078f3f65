/*
 * Every migration alone, and then all of them down and up: each pair may be right and the whole still
 * wrong, when one leaves behind what the next one's start hides. The second part runs only if the first
 * found no fault in the rollbacks, since it would only say the same again.
 *
 * Nothing is tested on the database of DATABASE_URL, although it is known: a variable that is set in
 * every shell is no wish to experiment there. A server is used when it is named on the command line, and
 * otherwise one is started.
 *
 * The exit code says whether something was found. A migration without a rollback, and one that needs an
 * extension that the server lacks, are told apart from those that failed: nothing was found against them.
 */
#include <string.h>

#include "base/clock.h"
#include "base/number_text.h"
#include "command/commands.h"
#include "command/run/migrate_verb.h"
#include "command/test/converge_trial.h"
#include "command/test/judge.h"
#include "command/test/schema_difference.h"
#include "config/url.h"

/* --- all of them ------------------------------------------------------ */

/* Where a rollback is missing or wrong, the way down is too. */
static bool may_go_down(const struct verdicts *verdicts)
{
	for (size_t i = 0; i < verdicts->count; i++) {
		const enum verdict_kind kind = verdicts->items[i].kind;

		if (!verdicts->items[i].migration->has_rollback ||
		    (kind != VERDICT_PASSED && kind != VERDICT_NOT_IDEMPOTENT))
			return false;
	}
	return true;
}

static bool go_all_the_way(struct judge *judge, struct judge_line *line, enum direction direction,
                           const char *target, const struct catalog *expected, bool *is_done,
                           struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct arena *words = judge->context->arena;
	struct catalog catalog;

	*is_done = test_database_migrate(judge->test_database, direction, target, err);
	if (!*is_done) {
		if (!test_database_is_refusal(err))
			return false;
		judge_find(judge, line, target, err->place[0] ? err->place : NULL, judge_words(err, words));
		return true;
	}
	if (!test_database_catalog(judge->test_database, &arena, &catalog, err))
		return false;
	if (schema_compare(expected, &catalog) != SCHEMA_SAME)
		judge_find(judge, line, target, NULL,
		           arena_printf(words, "%s is not what it was before\n%s", target,
		                        schema_difference_text(expected, &catalog, &arena)));
	return true;
}

/* Each pair may be right and the sum still wrong: what one leaves behind may hide in the next one's start. */
static bool try_whole(struct judge *judge, const struct catalog *nothing, struct error *err)
{
	static const struct {
		enum direction direction;
		const char *target;
		const char *title;
	} ways[] = {{DIRECTION_DOWN, "base", "down to base"}, {DIRECTION_UP, "heads", "up to head"}};
	bool goes_on = may_go_down(&judge->verdicts);

	if (goes_on && !judge_settle(judge, err))
		return false;
	goes_on = goes_on && !judge->stuck;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways) && goes_on; i++) {
		struct judge_line line = judge_begin(judge, ways[i].title, -1);
		const struct catalog *expected = ways[i].direction == DIRECTION_DOWN ? nothing : &judge->before;

		if (!go_all_the_way(judge, &line, ways[i].direction, ways[i].target, expected, &goes_on, err))
			return false;
		judge_end(judge, &line);
	}
	return true;
}

/* --- the verb --------------------------------------------------------- */

/* Where it was said on the command line; a URL from the environment is not meant for experiments. */
static const char *server_asked_for(const struct context *context)
{
	const struct setting_value *url = &context->settings->values[SETTING_DATABASE_URL];
	const char *server = option_value(context, "--server");

	if (server)
		return url_for_libpq(context->arena, server);
	return url->origin && strcmp(url->origin, "flag") == 0 ? context->database : NULL;
}

static const char *last_word(const struct verdicts *verdicts, struct arena *arena)
{
	const size_t passed = verdicts_of(verdicts, "passed");
	const char *text = arena_printf(arena, "%zu migration%s passed", passed, plural(passed));

	if (passed == verdicts->count)
		return text;
	return arena_printf(arena, "%s, %zu without a rollback", text, verdicts->count - passed);
}

static bool conclude(struct judge *judge, int64_t began_ms, struct error *err)
{
	struct context *context = judge->context;

	verdicts_print(&judge->verdicts, context);
	if (judge->found)
		return error_set(err, ERROR_VERDICT, "%zu finding%s", judge->found, plural(judge->found));
	event_done(context->reporter, last_word(&judge->verdicts, context->arena), clock_now_ms() - began_ms,
	           (int64_t)context->tree.count);
	return true;
}

static bool cmd_test(struct context *context, struct error *err)
{
	scoped_test_database struct test_database test_database = {0};
	scoped_judge struct judge judge = {0};
	struct catalog nothing;
	const int64_t began_ms = clock_now_ms();

	return migrate_verb_check_tree(context, err) &&
	       test_database_open(context, server_asked_for(context), &test_database, err) &&
	       test_database_catalog(&test_database, context->arena, &nothing, err) &&
	       judge_open(context, &test_database, &nothing, &judge, err) && judge_all(&judge, err) &&
	       try_whole(&judge, &nothing, err) && converge_trial(&judge, err) && conclude(&judge, began_ms, err);
}

static const struct option_row options[] = {
    {"--strict", 0, NULL, "every migration must be idempotent, not only those that may be applied again"},
    ALLOW_EMPTY_OPTION,
    {"--server", 0, "URL", "test on this server, in databases that are dropped again"},
    {0},
};

const struct command command_test = {
    .name = "test",
    .operands = "",
    .help = &HELP_test,
    .group = GROUP_WRITE,
    .needs = NEEDS_TREE,
    .options = options,
    .run = cmd_test,
};
