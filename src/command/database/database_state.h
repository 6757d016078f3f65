/*
 * database_state.h - where a database is, for the verbs that only look
 *
 * Connects, reads the history without waiting for anybody's lock, lets go of
 * the connection and puts history and files side by side.
 */
#ifndef RUNG_COMMAND_DATABASE_DATABASE_STATE_H
#define RUNG_COMMAND_DATABASE_DATABASE_STATE_H

#include "apply/drift.h"
#include "command/database/database.h"
#include "command/database/log_chain.h"
#include "history/audit.h"
#include "history/position.h"
#include "plan/comparison.h"

/* The newest failure in the log that nothing has made good since. */
struct failure {
	const char *at; /* NULL for none */
	const char *name;
	const char *error;
	const char *sqlstate; /* NULL unless the server spoke */
};

struct database_state {
	const char *database; /* as database_title() has it */
	const char *database_name;
	const char *server; /* "PostgreSQL 15.14" */
	const char *user;
	struct server_info facts;
	struct history history;
	struct position_list positions; /* of batches that stopped on the way */
	struct comparison comparison;
	struct plan_options options;
	struct difference_list differences;
	struct failure failure;  /* by database_state_load_with_log() */
	struct audit audit;      /* by database_state_load_with_audit() */
	struct log_chain log;    /* likewise; of the newest rows only */
	struct drift drift;      /* likewise, or as asked for with the log */
	bool was_reapplied;      /* likewise: an edited file was applied over what it had made before */
	const char *log_trouble; /* why there is none; NULL where it was read, or there is no log yet */
};

MUST_USE bool database_state_load(struct context *context, struct database_state *out, struct error *err);

/*
 * The same with a look at the log; one that cannot be read is as good as an empty one. With a glance at the
 * schema where it is wanted.
 */
MUST_USE bool database_state_load_with_log(struct context *context, bool with_drift,
                                           struct database_state *out, struct error *err);

/*
 * The same with who else may write to the history, whether the log is as it was written, and whether the
 * schema is as the last run left it.
 */
MUST_USE bool database_state_load_with_audit(struct context *context, struct database_state *out,
                                             struct error *err);

/* How many differences are of this kind. */
size_t database_state_count(const struct database_state *state, enum difference_kind kind);

/* "applied", or how file and history differ: a word for tables. */
const char *database_state_word(const struct database_state *state, size_t entry);

/* Migrations that are wholly applied. */
size_t database_state_applied_count(const struct database_state *state);

/* Wholly applied migrations on which no other such one builds: one on a straight line. */
size_t database_state_heads(const struct database_state *state, struct arena *arena,
                            const struct comparison_entry ***out);

#endif
