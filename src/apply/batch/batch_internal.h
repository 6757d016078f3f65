/*
 * batch_internal.h - a batch on its way, for the files that run one
 *
 * batch.c begins it, rests between chunks and tells how far it is; batch_range.c
 * knows the key and says where each chunk ends; batch_chunk.c takes one chunk.
 * Nobody else includes this.
 */
#ifndef RUNG_APPLY_BATCH_BATCH_INTERNAL_H
#define RUNG_APPLY_BATCH_BATCH_INTERNAL_H

#include "apply/batch/batch.h"
#include "history/position.h"
#include "migration/batch_directive.h"

struct key_column {
	const char *name;   /* quoted */
	const char *type;   /* for people */
	const char *cast;   /* the type with its schema, quoted */
	const char *schema; /* of the type's operators, quoted */
	const char *least;  /* below all values */
	bool is_moment;     /* read as ISO 8601 */
};

/* One batch on its way. */
struct batch_run {
	struct run *run;
	const struct step_script *step_script;
	const struct statement *statement;
	const struct batch_place *place;
	const struct request *done;
	struct arena arena; /* of the batch */
	struct batch batch;
	struct position position;
	const char *text;     /* the statement with parameters */
	const char *table;    /* quoted, for people */
	const char *relation; /* the same with its schema */
	struct key_column columns[BATCH_MOST_COLUMNS];
	int64_t estimated_rows;
	int64_t began_ms;
	int64_t spoke_ms;
	int64_t rows_before; /* done by earlier runs */
	bool lag_is_unknown;
};

/* Reads the table and its key, and where an earlier run came to or else where to start and to end. */
MUST_USE bool batch_run_begin(struct batch_run *batch_run, struct error *err);

/* Where the next chunk ends; `next` has room for a value a column. */
MUST_USE bool batch_run_find_next(struct batch_run *batch_run, const char **next, struct error *err);

/* Whether the chunk just done was the last; begins a further pass where it takes one. */
MUST_USE bool batch_run_check_end(struct batch_run *batch_run, int64_t rows_of_chunk, bool *whole,
                                  struct error *err);

/* How far, from 0 to 1; -1 when nobody knows. */
double batch_run_fraction(const struct batch_run *batch_run);

/*
 * Runs a chunk, as often and as much smaller as it needs: rows of others are
 * waited for. ERROR_LOCK when patience ends.
 */
MUST_USE bool batch_run_take_chunk(struct batch_run *batch_run, bool *whole, struct error *err);

#endif
