/*
 * half_done.h - how far a migration came that no transaction holds
 */
#ifndef RUNG_COMMAND_DATABASE_HALF_DONE_H
#define RUNG_COMMAND_DATABASE_HALF_DONE_H

#include "apply/batch/batch_progress.h"
#include "command/command.h"
#include "history/position.h"
#include "plan/comparison.h"

/*
 * "2 of 5 statements"; "2 statements" where the file does not tell how many
 * there are. Where it stopped within a batch, how far that came follows.
 */
char *half_done_text(const struct context *context, const struct comparison_entry *entry,
                     const struct position_list *positions);

/* For programs: the batch it stopped in, all NULL for none. */
struct batch_progress half_done_batch(const struct context *context, const struct comparison_entry *entry,
                                      const struct position_list *positions);

/* The five facts of that batch. */
#define HALF_DONE_BATCH_PROPERTIES(batch)                                                                 \
	{"batch_rows", NULL, (batch).rows, COLUMN_NUMBER}, {"batch_table", NULL, (batch).table, COLUMN_TEXT}, \
	    {"batch_key", NULL, (batch).key, COLUMN_TEXT},                                                    \
	    {"batch_done_to", NULL, (batch).done_to, COLUMN_TEXT},                                            \
	{                                                                                                     \
		"batch_ends_at", NULL, (batch).ends_at, COLUMN_TEXT                                               \
	}

/* How many statements its file has, as a number for programs; NULL where it is gone or cannot be read. */
char *half_done_total(const struct context *context, const struct comparison_entry *entry);

/*
 * Says what each finished statement of a half-done migration was, and how far
 * a batch came, for the person who is to undo it by hand. `*batch` is the same
 * of the batch in words; NULL for none.
 */
MUST_USE bool half_done_tell(struct context *context, struct session *db, const struct qualified_name *table,
                             const struct comparison_entry *entry, const char **batch, struct error *err);

#endif
