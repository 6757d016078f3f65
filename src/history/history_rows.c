/*
 * What load.sql and run_load.sql answer, column by column. Texts are copied to where the history lives: an
 * answer of libpq takes sixteen bytes for each field beside its text, and a thousand rows stay for the whole
 * run. The rows come in any order and are put in theirs here.
 *
 * What these tables hold may have been written by a later version. A state that is not known here counts
 * as applied, which is the one that makes a run do nothing: to roll back or to resume by a guess would
 * lose rows.
 */
#include "history/history_rows.h"

#include <stdlib.h>
#include <string.h>

#include "history/history_store.h"

static const char *const state_names[] = {
    [RECORD_APPLIED] = "applied",
    [RECORD_PARTIAL] = "partial",
    [RECORD_UNWINDING] = "unwinding",
};

const char *record_state_name(enum record_state state)
{
	return state_names[state];
}

/* What a later version may have written counts as applied. */
static enum record_state read_state(const char *name)
{
	for (size_t i = 0; name && i < sizeof(state_names) / sizeof(*state_names); i++)
		if (strcmp(name, state_names[i]) == 0)
			return (enum record_state)i;
	return RECORD_APPLIED;
}

/* The columns of load.sql, and of load_adopted.sql. */
enum {
	RECORD_VERSION,
	RECORD_DESCRIPTION,
	RECORD_APPLIED_AT,
	RECORD_NAME,
	RECORD_CHECKSUM,
	RECORD_STATE,
	RECORD_STATEMENTS_DONE,
	RECORD_DURATION_MS,
	RECORD_APPLIED_BY,
	RECORD_APPLIED_FROM,
	RECORD_TOOL_VERSION,
	RECORD_BACKUP,
	RECORD_ROLLBACK_CHECKSUM,
	RECORD_FINGERPRINT,
	RECORD_VARIABLES,
};

static int compare_records(const void *a, const void *b)
{
	const struct record *one = a;
	const struct record *other = b;

	return (one->version > other->version) - (one->version < other->version);
}

/* The server would sort them, or read them by an index, in the time of two columns; they mostly come in
 * order. */
static void sort(struct history *history)
{
	for (size_t i = 1; i < history->count; i++)
		if (history->records[i].version < history->records[i - 1].version) {
			qsort(history->records, history->count, sizeof(*history->records), compare_records);
			return;
		}
}

void history_read_records(const struct rows *rows, struct arena *arena, struct history *history)
{
	history->count = rows_count(rows);
	history->records = arena_array(arena, struct record, history->count);
	for (size_t i = 0; i < history->count; i++) {
		history->records[i] = (struct record){
		    .version = rows_number(rows, i, RECORD_VERSION),
		    .description = rows_copy(rows, i, RECORD_DESCRIPTION, arena),
		    .applied_at = rows_copy(rows, i, RECORD_APPLIED_AT, arena),
		    .name = rows_copy(rows, i, RECORD_NAME, arena),
		    .checksum = rows_copy(rows, i, RECORD_CHECKSUM, arena),
		    .state = read_state(rows_text(rows, i, RECORD_STATE)),
		    .statements_done = rows_number(rows, i, RECORD_STATEMENTS_DONE),
		    .duration_ms = rows_number(rows, i, RECORD_DURATION_MS),
		    .applied_by = rows_copy(rows, i, RECORD_APPLIED_BY, arena),
		    .applied_from = rows_copy(rows, i, RECORD_APPLIED_FROM, arena),
		    .tool_version = rows_copy(rows, i, RECORD_TOOL_VERSION, arena),
		    .backup = rows_copy(rows, i, RECORD_BACKUP, arena),
		    .has_rollback = rows_text(rows, i, RECORD_ROLLBACK_CHECKSUM) != NULL,
		    .rollback_checksum = rows_copy(rows, i, RECORD_ROLLBACK_CHECKSUM, arena),
		    .fingerprint = rows_copy(rows, i, RECORD_FINGERPRINT, arena),
		    .variables = rows_copy(rows, i, RECORD_VARIABLES, arena),
		};
	}
	sort(history);
}

/* Columns of run_load.sql. */
enum { RUN_ID, RUN_COMMAND, RUN_TARGET, RUN_FROM, RUN_TO, RUN_STEPS, RUN_BEGUN_AT, RUN_BEGUN_BY, RUN_HOST };

const struct run_record *history_read_run(const struct rows *rows, struct arena *arena)
{
	struct run_record *run = arena_alloc(arena, sizeof(*run));

	if (!rows || rows_count(rows) == 0)
		return NULL;
	*run = (struct run_record){
	    .id = rows_copy(rows, 0, RUN_ID, arena),
	    .command = rows_copy(rows, 0, RUN_COMMAND, arena),
	    .target = rows_copy(rows, 0, RUN_TARGET, arena),
	    .from = rows_copy(rows, 0, RUN_FROM, arena),
	    .to = rows_copy(rows, 0, RUN_TO, arena),
	    .steps = rows_copy(rows, 0, RUN_STEPS, arena),
	    .begun_at = rows_copy(rows, 0, RUN_BEGUN_AT, arena),
	    .begun_by = rows_copy(rows, 0, RUN_BEGUN_BY, arena),
	    .host = rows_copy(rows, 0, RUN_HOST, arena),
	};
	return run;
}
