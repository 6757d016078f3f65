/*
 * standing.h - where a database stands, for the verbs that only look
 *
 * Connects, reads the history without waiting for anybody's lock, lets go of
 * the connection and puts history and files side by side.
 */
#ifndef RUNG_COMMAND_STANDING_H
#define RUNG_COMMAND_STANDING_H

#include "command/database.h"
#include "command/log_chain.h"
#include "history/audit.h"
#include "history/position.h"
#include "plan/ladder.h"

/* The newest failure in the log that nothing has made good since. */
struct failure {
	const char *at; /* NULL for none */
	const char *name;
	const char *error;
	const char *sqlstate; /* NULL unless the server spoke */
};

struct standing {
	const char *database; /* as database_title() has it */
	const char *database_name;
	const char *server; /* "PostgreSQL 15.14" */
	const char *user;
	struct server_facts facts;
	struct history history;
	struct position_list positions; /* of batches that stopped on the way */
	struct ladder ladder;
	struct plan_options options;
	struct difference_list differences;
	struct failure failure;  /* by standing_load_with_log() */
	struct audit audit;      /* by standing_load_with_audit() */
	struct log_chain log;    /* likewise; of the newest rows only */
	const char *log_trouble; /* why there is none; NULL where it was read, or there is no log yet */
};

MUST_USE bool standing_load(struct context *context, struct standing *out, struct error *err);

/* The same with a look at the log; one that cannot be read is as good as an empty one. */
MUST_USE bool standing_load_with_log(struct context *context, struct standing *out, struct error *err);

/* The same with who else may write to the history, and whether the log is as it was written. */
MUST_USE bool standing_load_with_audit(struct context *context, struct standing *out, struct error *err);

/* How many differences are of this kind. */
size_t standing_count(const struct standing *standing, enum difference_kind kind);

/* "applied", or how file and history differ: a word for tables. */
const char *standing_word(const struct standing *standing, size_t rung);

/* Migrations that are wholly applied. */
size_t standing_applied_count(const struct standing *standing);

/* Wholly applied migrations on which no other such one builds: one on a straight line. */
size_t standing_heads(const struct standing *standing, struct arena *arena, const struct rung ***out);

#endif
