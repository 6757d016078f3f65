/*
 * drift.h - whether a database is still as the last run left it
 *
 * What was kept at the end of that run (history/kept_catalog.h) against the
 * catalogs of now, in one round trip. Who changed it is not known, and what an
 * object was like before is not either.
 */
#ifndef RUNG_APPLY_DRIFT_H
#define RUNG_APPLY_DRIFT_H

#include "apply/migrate.h"
#include "catalog/object_list.h"

enum drift_state {
	DRIFT_NOT_COMPARED, /* `why` says why not */
	DRIFT_NONE,
	DRIFT_FOUND,
};

struct drift {
	enum drift_state state;
	const char *why;     /* "nothing was kept yet"; NULL where it was compared, or there is no history */
	bool is_trouble;     /* it could not be compared, where it should have been possible */
	int64_t version;     /* of the highest migration then */
	const char *kept_at; /* NULL where nothing was kept */
	struct object_moves moves; /* none where they cannot be named */
	size_t ignored;            /* objects that moved and do not count */
};

struct drift_options {
	const struct qualified_name *history;
	const char *const *ignored; /* patterns (object_pattern.h), NULL-terminated; NULL for none */
};

/*
 * Outside a transaction, of a history whose tables are all there. What cannot be asked is no drift: it is
 * told in `why`. A connection that is lost shows with the next question.
 */
void drift_look(struct session *db, const struct drift_options *options, struct arena *arena,
                struct drift *out);

/*
 * The same at a glance where that is possible: the server has counted no write to its catalogs since. That
 * costs nothing, however large the schema is, and may miss what was changed within the last second.
 */
void drift_glance(struct session *db, const struct drift_options *options, struct arena *arena,
                  struct drift *out);

/* "changed column public.t.a" */
const char *object_move_text(const struct object_move *move, struct arena *arena);

/* The first few of them, and how many more. */
const char *drift_names(const struct drift *drift, struct arena *arena);

/*
 * Before a way up: as `options->drift` has it nothing, a warning or ERROR_FOUND with the objects' names. Once
 * a run.
 */
struct run;
struct plan;
MUST_USE bool drift_check(struct run *run, const struct history *history, const struct plan *plan,
                          struct error *err);

#endif
