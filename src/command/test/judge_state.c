/*
 * The database as the ups alone make it, for the next migration.
 */
#include <string.h>

#include "command/test/judge.h"

/* What went up before and does not now ends the way up: nothing can be said of what comes after it. */
bool judge_restore(struct judge *judge, struct judge_line *line, size_t at, struct error *err)
{
	if (test_database_restore(judge->test_database, at, err))
		return true;
	if (!test_database_is_refusal(err))
		return false;
	judge->stuck = test_database_migration(judge->test_database, at ? at - 1 : 0);
	judge_find(judge, line, "up", err->place[0] ? err->place : judge->stuck->shown_path,
	           arena_printf(judge->context->arena, "went up once, and does not in a new database: %s",
	                        judge_words(err, judge->context->arena)));
	return true;
}

/* The copy is of no use where what it shares with the database has changed. */
static bool check_shared(struct judge *judge, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct test_state facts;

	if (!test_state_load(judge->test_database, &arena, &facts, err)) {
		if (!test_database_is_refusal(err))
			return false;
		test_database_forgo(judge->test_database);
	} else if (strcmp(facts.shared, judge->facts.shared) != 0) {
		test_database_forgo(judge->test_database);
	}
	return true;
}

/*
 * A copy of what was made from the first migration on spares that the next
 * time, and is none where it cannot hold all of it. Where every rollback is
 * right nobody ever needs one.
 */
static bool keep(struct judge *judge, size_t at, struct error *err)
{
	if (judge->facts.is_copied)
		return test_database_keep(judge->test_database, at, err);
	test_database_forgo(judge->test_database);
	return true;
}

/* The facts are looked at again: a row may hold the time at which it was written. */
bool judge_clean(struct judge *judge, struct judge_line *line, size_t at, struct error *err)
{
	if (!judge->is_changed)
		return true;
	if (!check_shared(judge, err) || !judge_restore(judge, line, at, err))
		return false;
	judge->is_changed = false;
	return judge->stuck || (test_state_load(judge->test_database, &judge->arenas[0], &judge->facts, err) &&
	                        keep(judge, at, err));
}

bool judge_settle(struct judge *judge, struct error *err)
{
	struct judge_line line = {.text = {.arena = judge->context->arena}};

	if (!judge_clean(judge, &line, judge->context->tree.count, err))
		return false;
	test_database_forgo(judge->test_database);
	return true;
}
