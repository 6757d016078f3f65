/*
 * log_chain.h - whether the log is as it was written
 *
 * Each row of the log carries the hash of the row before it. The server
 * computes them anew; what does not fit is a finding.
 */
#ifndef RUNG_COMMAND_LOG_CHAIN_H
#define RUNG_COMMAND_LOG_CHAIN_H

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
	bool is_cut; /* there are older rows, which were not looked at */
};

/* From the rows of log_verify.sql. */
struct log_chain log_chain_from(const struct rows *rows, struct arena *arena);

/* A finding for each broken row. */
void log_chain_emit(const struct log_chain *chain, struct context *context);

#endif
