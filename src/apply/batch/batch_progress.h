/*
 * batch_progress.h - how far a batch came, in words
 *
 * For anyone who stops one, and for those who look at it afterwards.
 */
#ifndef RUNG_APPLY_BATCH_BATCH_PROGRESS_H
#define RUNG_APPLY_BATCH_BATCH_PROGRESS_H

#include "history/position.h"
#include "sql/script.h"

/* As texts; what is unknown is NULL. Values of a key of several columns are separated by commas. */
struct batch_progress {
	const char *rows;
	const char *table;
	const char *key;     /* the columns, or "page" */
	const char *done_to; /* everything up to here is done */
	const char *ends_at;
};

/*
 * `statement` is the batch's, of which table and key are known; NULL, or any
 * other statement, where its file is gone or was changed.
 */
struct batch_progress batch_progress(const struct statement *statement, const struct position *position,
                                     struct arena *arena);

/* "479056 rows of table orders are done, up to id 479056 of 1000000" */
char *batch_progress_text(const struct batch_progress *progress, struct arena *arena);

#endif
