/*
 * position.h - how far a batch has come
 *
 * One row per running batch, in schema_version_batch; written in the
 * transaction of each chunk, gone when the batch is whole.
 */
#ifndef RUNG_HISTORY_POSITION_H
#define RUNG_HISTORY_POSITION_H

#include "history/history_store.h"

enum { POSITION_COLUMNS = 4 };

struct position {
	const char *lo[POSITION_COLUMNS]; /* everything up to here is done */
	const char *hi[POSITION_COLUMNS]; /* where the batch ends, fixed when it began */
	int64_t pass;
	int64_t rows_in_pass;
	int64_t rows;
	int64_t chunks;
	int64_t size; /* of the next chunk */
};

/* `*found` false when the batch was not begun. A statement edited since is an error (files). */
MUST_USE bool position_load(struct session *db, const struct qualified_name *history, int64_t version,
                            size_t statement, const char *checksum, struct arena *arena, struct position *out,
                            bool *found, struct error *err);

/* A batch that was begun and is not whole; of its migration no other one is. */
struct batch_position {
	int64_t version;
	size_t statement; /* as in the journal */
	struct position position;
};

struct position_list {
	struct batch_position *items; /* lowest version first */
	size_t count;
};

MUST_USE bool position_list_load(struct session *db, const struct qualified_name *history,
                                 struct arena *arena, struct position_list *out, struct error *err);

/* NULL where no batch of that migration is under way. */
const struct batch_position *position_find(const struct position_list *list, int64_t version);

struct request position_save(const struct qualified_name *history, int64_t version, size_t statement,
                             const char *checksum, const struct position *position, struct arena *arena);
struct request position_forget(const struct qualified_name *history, int64_t version, size_t statement,
                               struct arena *arena);

#endif
