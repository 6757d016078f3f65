/*
 * log_chain.h - whether the log is as it was written
 *
 * Each row of the log carries the hash of the row before it. The server
 * computes them anew; what does not fit is a finding. So is a migration of the
 * history that the log does not tell of, as in one that was emptied.
 */
#ifndef RUNG_COMMAND_DATABASE_LOG_CHAIN_H
#define RUNG_COMMAND_DATABASE_LOG_CHAIN_H

#include "command/command.h"
#include "pg/query.h"

struct broken_row {
	int64_t id;
	bool is_changed;  /* its hash is not that of its content */
	bool is_detached; /* it does not follow the row before it */
};

struct log_chain {
	struct broken_row *broken; /* lowest first */
	size_t count;
	const char **missing; /* migrations that are applied and not in the log */
	size_t missing_count;
	bool is_cut; /* there are older rows, which were not looked at */
};

/* Of the newest rows, as many as the number `newest` says; NULL for all. Within an open transaction. */
MUST_USE bool log_chain_load(struct session *db, const struct qualified_name *table, const char *newest,
                             struct arena *arena, struct log_chain *out, struct error *err);

/* A finding for each broken row and each migration that is missing. */
void log_chain_emit(const struct log_chain *chain, struct context *context);

#endif
