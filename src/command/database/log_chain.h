/*
 * log_chain.h - whether the log is as it was written
 *
 * Each row of the log carries the hash of the row before it. The server
 * computes them anew; what does not fit is a finding, unless it was accepted
 * (history/accepted_log.h). So is a migration of the history that the log does
 * not tell of, as in one that was emptied, and a log that is not there at all.
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
	const char **missing;     /* migrations that are applied and not in the log */
	int64_t *missing_numbers; /* of each */
	size_t missing_count;
	int64_t accepted_until; /* what was wrong before this row was accepted with it; 0 for none */
	const char *gone;       /* the name of the log's table, where it is not there and should be; else NULL */
	bool is_cut;            /* there are older rows, which were not looked at */
};

/*
 * Of the newest rows, as many as the number `newest` says; NULL for all. Within an open transaction, which is
 * another one afterwards where the log is gone.
 */
MUST_USE bool log_chain_load(struct session *db, const struct qualified_name *table, const char *newest,
                             struct arena *arena, struct log_chain *out, struct error *err);

/* How many things are wrong with it. */
size_t log_chain_findings(const struct log_chain *chain);

/* A finding for each of them. */
void log_chain_emit(const struct log_chain *chain, struct context *context);

#endif
