/*
 * What costs time is to make databases and to look at them. So a migration is
 * tried in the database that the one before it left, as long as that is what
 * the ups alone would have made: its schema and what test_state_load() sees are
 * compared anyway. Only what changed it otherwise, a rollback that takes too
 * much or a second run that adds rows, has it made anew, and not before
 * somebody needs it.
 */
#include "command/test/judge.h"

#include <string.h>

#include "base/number_text.h"
#include "command/test/schema_difference.h"
#include "pg/connection_ahead.h"
#include "report/property.h"

/* One migration being tried. */
struct attempt {
	const struct migration *migration;
	size_t at; /* as many came before it */
	struct judge_line *line;
	struct catalog after; /* it went up the first time */
	struct test_state facts;
};

bool judge_open(struct context *context, struct test_database *test_database, const struct catalog *nothing,
                struct judge *out, struct error *err)
{
	*out = (struct judge){.context = context, .test_database = test_database, .before = *nothing};
	return test_state_load(test_database, &out->arenas[0], &out->facts, err);
}

void judge_close(struct judge *judge)
{
	arena_clear(&judge->arenas[0]);
	arena_clear(&judge->arenas[1]);
}

/* --- findings --------------------------------------------------------- */

static void find(struct judge *judge, const struct attempt *attempt, enum verdict_kind kind,
                 const char *place, const char *text)
{
	if (judge->kind == VERDICT_PASSED)
		judge->kind = kind;
	judge_find(judge, attempt->line, verdict_rule(kind), place, text);
}

static void blame(struct judge *judge, const struct attempt *attempt, enum verdict_kind kind,
                  const char *path, const struct error *refusal)
{
	find(judge, attempt, kind, refusal->place[0] ? refusal->place : path,
	     judge_words(refusal, judge->context->arena));
}

/* --- up and down ------------------------------------------------------ */

/* A refusal is no failure: its kind is ERROR_NONE where there was none. */
static bool go(struct judge *judge, const struct attempt *attempt, enum direction direction,
               struct error *refusal, struct error *err)
{
	scoped_arena struct arena arena = {0};
	const char *target = direction == DIRECTION_UP ? number_text(&arena, attempt->migration->number) : "-1";

	if (test_database_migrate(judge->test_database, direction, target, refusal)) {
		*refusal = (struct error){0};
		return true;
	}
	if (test_database_is_refusal(refusal))
		return true;
	*err = *refusal;
	return false;
}

/* Where the copy stood in the way the migration is tried once more without one. */
static bool go_freely(struct judge *judge, const struct attempt *attempt, enum direction direction,
                      struct error *refusal, struct error *err)
{
	const size_t at = attempt->at + (direction == DIRECTION_DOWN);

	if (!go(judge, attempt, direction, refusal, err))
		return false;
	if (refusal->kind == ERROR_NONE || !test_database_is_in_the_way(judge->test_database, refusal))
		return true;
	test_database_forgo(judge->test_database);
	return judge_restore(judge, attempt->line, at, err) &&
	       (judge->stuck || go(judge, attempt, direction, refusal, err));
}

/* What a file asks for and this server does not have; another one may. */
static bool is_unavailable(const struct judge *judge, const struct error *refusal)
{
	static const struct {
		const char *sqlstate;
		const char *line;    /* part of what the error points at, or "" */
		bool is_named_alone; /* on our own server we may do everything */
	} rows[] = {
	    {"0A000", "extension", false},    {"58P01", "", false}, {"55000", "subscription", false},
	    {"55000", "replication_", false}, {"42501", "", true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(refusal->sqlstate, rows[i].sqlstate) == 0 && strcasestr(refusal->excerpt, rows[i].line) &&
		    (!rows[i].is_named_alone || !judge->test_database->server.server))
			return true;
	return false;
}

static bool up(struct judge *judge, struct attempt *attempt, struct error *err)
{
	struct error refusal;

	if (!go_freely(judge, attempt, DIRECTION_UP, &refusal, err))
		return false;
	if (judge->stuck)
		return true;
	if (refusal.kind != ERROR_NONE) {
		judge->stuck = attempt->migration;
		blame(judge, attempt, is_unavailable(judge, &refusal) ? VERDICT_UNAVAILABLE : VERDICT_UP,
		      attempt->migration->shown_path, &refusal);
		return true;
	}
	judge_say(attempt->line, "up");
	return true;
}

/* Said once, where it comes. */
static void warn_of_unknown(const struct judge *judge, const struct catalog *after)
{
	for (size_t i = 0; i < after->unmodelled_count; i++)
		if (!schema_has_unknown(&judge->before, after->unmodelled[i]))
			event_warning(judge->context->reporter,
			              "compared by name only, because rung does not know its kind: %s",
			              after->unmodelled[i]);
}

/* What is compared with later. A copy that has not seen a role come would stumble over it. */
static bool look_after(struct judge *judge, struct attempt *attempt, struct error *err)
{
	if (!test_state_load(judge->test_database, &judge->arenas[1], &attempt->facts, err) ||
	    !test_database_catalog(judge->test_database, &judge->arenas[1], &attempt->after, err))
		return false;
	warn_of_unknown(judge, &attempt->after);
	if (!attempt->facts.is_copied || strcmp(attempt->facts.shared, judge->facts.shared) != 0)
		test_database_forgo(judge->test_database);
	return true;
}

static bool compare_back(struct judge *judge, const struct attempt *attempt, bool *is_same, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct arena *words = judge->context->arena;
	struct test_state facts;
	struct catalog back;

	if (!test_state_load(judge->test_database, &arena, &facts, err) ||
	    !test_database_catalog(judge->test_database, &arena, &back, err))
		return false;
	const enum schema_difference difference = schema_compare(&judge->before, &back);
	*is_same = test_state_equal(&judge->facts, &facts) && difference == SCHEMA_SAME;
	if (difference == SCHEMA_SAME)
		return true;
	const bool is_order = difference == SCHEMA_REORDERED;
	find(judge, attempt, is_order ? VERDICT_DOWN_ORDER : VERDICT_DOWN_DIFFERS,
	     attempt->migration->shown_rollback_path,
	     arena_printf(words, "%s\n%s",
	                  is_order ? "leads to the same columns in another order"
	                           : "leads to another schema than before the migration",
	                  schema_difference_text(&judge->before, &back, &arena)));
	return true;
}

static bool compare_again(struct judge *judge, const struct attempt *attempt, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct test_state facts;
	struct catalog again;

	if (!test_state_load(judge->test_database, &arena, &facts, err) ||
	    !test_database_catalog(judge->test_database, &arena, &again, err))
		return false;
	const bool is_equal = schema_compare(&attempt->after, &again) == SCHEMA_SAME;
	judge->is_changed = !is_equal || !test_state_equal(&attempt->facts, &facts);
	/* After a rollback that was wrong itself it says nothing more. */
	if (!is_equal && judge->kind == VERDICT_PASSED)
		find(judge, attempt, VERDICT_UP_AGAIN_DIFFERS, attempt->migration->shown_path,
		     arena_printf(judge->context->arena, "leads to another schema after its rollback\n%s",
		                  schema_difference_text(&attempt->after, &again, &arena)));
	return true;
}

/* From the very state it started from it goes where it went: that needs no second look. */
static bool again(struct judge *judge, const struct attempt *attempt, bool is_same, struct error *err)
{
	struct error refusal;

	if (!go(judge, attempt, DIRECTION_UP, &refusal, err))
		return false;
	if (refusal.kind == ERROR_NONE) {
		judge_say(attempt->line, "up");
		return is_same || compare_again(judge, attempt, err);
	}
	judge->is_changed = true;
	blame(judge, attempt, VERDICT_UP_AGAIN, attempt->migration->shown_path, &refusal);
	return true;
}

/*
 * A transaction that was refused is undone, but for sequences, and where there are too many rows to look at.
 */
static bool is_undone(const struct error *refusal, const struct test_state *before,
                      const struct test_state *after)
{
	return refusal->kind != ERROR_PARTIAL && (!after->is_known || test_state_equal(before, after));
}

static bool refused_down(struct judge *judge, const struct attempt *attempt, const struct error *refusal,
                         struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct test_state facts;

	blame(judge, attempt, VERDICT_DOWN, attempt->migration->shown_rollback_path, refusal);
	if (!test_state_load(judge->test_database, &arena, &facts, err))
		return false;
	judge->is_changed = !is_undone(refusal, &attempt->facts, &facts);
	return true;
}

static bool down_and_up(struct judge *judge, const struct attempt *attempt, struct error *err)
{
	struct error refusal;
	bool is_same;

	if (!go_freely(judge, attempt, DIRECTION_DOWN, &refusal, err))
		return false;
	if (judge->stuck)
		return true;
	if (refusal.kind != ERROR_NONE)
		return refused_down(judge, attempt, &refusal, err);
	judge_say(attempt->line, "down");
	return compare_back(judge, attempt, &is_same, err) && again(judge, attempt, is_same, err);
}

static bool go_back(struct judge *judge, const struct attempt *attempt, struct error *err)
{
	if (attempt->migration->has_rollback)
		return down_and_up(judge, attempt, err);
	judge_say(attempt->line, attempt->migration->directives.irreversible ? "irreversible" : "no rollback");
	return true;
}

/* --- a second time ---------------------------------------------------- */

static bool must_be_idempotent(const struct judge *judge, const struct migration *migration)
{
	const enum on_change answer =
	    directives_on_change(&migration->directives, database_plan_options(judge->context).on_change);

	return answer != ON_CHANGE_ERROR || option_is_given(judge->context, "--strict");
}

/* Where it need not be, one word says so and is no finding. */
static void not_idempotent(struct judge *judge, const struct attempt *attempt, const char *place,
                           const char *text)
{
	if (must_be_idempotent(judge, attempt->migration))
		find(judge, attempt, VERDICT_NOT_IDEMPOTENT, place,
		     arena_printf(judge->context->arena, "applied a second time: %s", text));
	else
		judge_say(attempt->line, "not twice");
}

static bool compare_twice(struct judge *judge, const struct attempt *attempt, const struct test_state *facts,
                          struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct catalog twice;

	if (!test_database_catalog(judge->test_database, &arena, &twice, err))
		return false;
	const bool is_equal = schema_compare(&judge->before, &twice) == SCHEMA_SAME;
	judge->is_changed = !is_equal || !test_state_equal(&judge->facts, facts);
	if (is_equal)
		judge_say(attempt->line, "twice");
	else
		not_idempotent(judge, attempt, attempt->migration->shown_path,
		               arena_printf(judge->context->arena, "the schema differs\n%s",
		                            schema_difference_text(&judge->before, &twice, &arena)));
	return true;
}

static bool twice(struct judge *judge, const struct attempt *attempt, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct test_state facts;
	struct error refusal;

	if (!test_database_repeat(judge->test_database, attempt->migration, &refusal, err) ||
	    !test_state_load(judge->test_database, &arena, &facts, err))
		return false;
	if (refusal.kind == ERROR_NONE)
		return compare_twice(judge, attempt, &facts, err);
	judge->is_changed = !is_undone(&refusal, &judge->facts, &facts);
	not_idempotent(judge, attempt, refusal.place[0] ? refusal.place : attempt->migration->shown_path,
	               judge_words(&refusal, judge->context->arena));
	return true;
}

/* --- one migration ---------------------------------------------------- */

/* The state after a migration is the one before the next; the arenas take turns. */
static bool go_on(struct judge *judge, const struct attempt *attempt, struct error *err)
{
	const struct arena former = judge->arenas[0];

	judge->arenas[0] = judge->arenas[1];
	judge->arenas[1] = former;
	arena_clear(&judge->arenas[1]);
	judge->before = attempt->after;
	judge->facts = attempt->facts;
	if (judge->is_changed)
		return judge_clean(judge, attempt->line, attempt->at + 1, err);
	return !attempt->migration->has_rollback ||
	       test_state_load(judge->test_database, &judge->arenas[0], &judge->facts, err);
}

static bool steps(struct judge *judge, struct attempt *attempt, struct error *err)
{
	bool (*const each[])(struct judge *, struct attempt *, struct error *) = {up, look_after};

	if (!judge_clean(judge, attempt->line, attempt->at, err))
		return false;
	for (size_t i = 0; i < sizeof(each) / sizeof(*each) && !judge->stuck; i++)
		if (!each[i](judge, attempt, err))
			return false;
	return judge->stuck ||
	       (go_back(judge, attempt, err) &&
	        (judge->stuck || (go_on(judge, attempt, err) && (judge->stuck || twice(judge, attempt, err)))));
}

static enum verdict_kind conclude(const struct judge *judge, const struct migration *migration)
{
	if (judge->kind != VERDICT_PASSED || migration->has_rollback)
		return judge->kind;
	return migration->directives.irreversible ? VERDICT_IRREVERSIBLE : VERDICT_NO_ROLLBACK;
}

static bool try_one(struct judge *judge, size_t at, struct error *err)
{
	const struct migration *migration = test_database_migration(judge->test_database, at);
	struct judge_line line =
	    judge_begin(judge, migration->name, (double)at / (double)judge->context->tree.count);
	struct attempt attempt = {.migration = migration, .at = at, .line = &line};

	/* What a migration leaves behind in its session is its own affair. */
	connection_ahead_drop();
	judge->kind = VERDICT_PASSED;
	if (!steps(judge, &attempt, err))
		return false;
	judge->verdicts.items[at] = (struct verdict){migration, conclude(judge, migration), NULL};
	judge->verdicts.count++;
	judge_end(judge, &line);
	return true;
}

bool judge_all(struct judge *judge, struct error *err)
{
	const size_t count = judge->context->tree.count;

	judge->verdicts.items = arena_array(judge->context->arena, struct verdict, count);
	for (size_t at = 0; at < count && !judge->stuck; at++)
		if (!try_one(judge, at, err))
			return false;
	for (size_t at = judge->verdicts.count; at < count; at++)
		judge->verdicts.items[judge->verdicts.count++] =
		    (struct verdict){test_database_migration(judge->test_database, at), VERDICT_AFTER, judge->stuck};
	return true;
}
