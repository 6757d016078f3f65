/*
 * A row holds the pid and the start time of the backend that ran the statement, and journal_read.sql says
 * whether that one is still there: after a lost connection a CREATE INDEX CONCURRENTLY may well be at
 * work, and to recover from it meanwhile would run it twice.
 *
 * The checksum is that of the statement as it was sent. An edited file may have moved statement 3 to 4,
 * and its number alone would say that another one is done.
 */
#include "history/journal.h"

#include "base/number_text.h"

#include <string.h>

/* The columns of journal_read.sql. */
enum {
	STEP_STATEMENT,
	STEP_CHECKSUM,
	STEP_STATE,
	STEP_PID,
	STEP_IS_ALIVE,
};

bool journal_load(struct session *db, const struct qualified_name *history, int64_t version,
                  struct arena *arena, struct journal *out, struct error *err)
{
	scoped_rows struct rows *rows = NULL;

	if (!history_read(db, query_render(arena, SQL_history_journal_read, history),
	                  PARAMS(number_text(arena, version)), &rows, err))
		return error_context(err, "while reading how far the migration has come");

	struct journal journal = {.count = rows_count(rows)};
	journal.steps = arena_array(arena, struct journal_step, journal.count);
	for (size_t i = 0; i < journal.count; i++)
		journal.steps[i] = (struct journal_step){
		    .statement = (size_t)rows_number(rows, i, STEP_STATEMENT),
		    .checksum = rows_copy(rows, i, STEP_CHECKSUM, arena),
		    .is_done = strcmp(rows_text(rows, i, STEP_STATE), "done") == 0,
		    .pid = (int)rows_number(rows, i, STEP_PID),
		    .is_alive = rows_flag(rows, i, STEP_IS_ALIVE),
		};
	*out = journal;
	return true;
}

const struct journal_step *journal_find(const struct journal *journal, size_t statement)
{
	for (size_t i = 0; i < journal->count; i++)
		if (journal->steps[i].statement == statement)
			return &journal->steps[i];
	return NULL;
}

struct request journal_start(const struct qualified_name *history, int64_t version, size_t statement,
                             const char *checksum, const char *lock, struct arena *arena)
{
	return request_make(
	    history, SQL_history_journal_start,
	    PARAMS(number_text(arena, version), number_text(arena, (int64_t)statement), checksum, lock), arena);
}

struct request journal_done(const struct qualified_name *history, int64_t version, size_t statement,
                            const char *checksum, size_t done_in_all, const char *lock, struct arena *arena)
{
	return request_make(history, SQL_history_journal_done,
	                    PARAMS(number_text(arena, version), number_text(arena, (int64_t)statement), checksum,
	                           number_text(arena, (int64_t)done_in_all), lock),
	                    arena);
}

struct request journal_clear(const struct qualified_name *history, int64_t version, struct arena *arena)
{
	return request_make(history, SQL_history_journal_clear, PARAMS(number_text(arena, version)), arena);
}
