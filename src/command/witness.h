/*
 * witness.h - what a database remembers of its backups
 *
 * Its history names the backup that each migration's run took, its log every
 * backup that was made. A store from which somebody took the newest one away
 * looks whole by itself; the two together do not.
 */
#ifndef RUNG_COMMAND_WITNESS_H
#define RUNG_COMMAND_WITNESS_H

#include "command/vault.h"

struct witness {
	bool was_asked;         /* false: the database cannot be reached; it may be what is to be restored */
	const char **ways_back; /* ids of what was taken before the newest migration */
	size_t way_count;
};

/* A database that cannot be asked knows nothing. */
void witness_ask(struct context *context, struct witness *out);

/* Whether the history names it as a way back from the newest migration. */
bool witness_needs(const struct witness *witness, const char *id);

#endif
