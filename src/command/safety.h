/*
 * safety.h - a backup before anything is changed
 *
 * What "upgrade" and "downgrade" promise: when a backup is wanted, nothing of
 * a migration runs before it is complete, signed and listed; and whoever reads
 * of a later failure is told how to get it back.
 */
#ifndef RUNG_COMMAND_SAFETY_H
#define RUNG_COMMAND_SAFETY_H

#include "command/vault.h"

/* Options of every verb that climbs. */
#define SAFETY_OPTIONS                                                                                \
	{"--backup", 0, NULL, "back up first; the default where a store and a recipient are configured"}, \
	{                                                                                                 \
		"--no-backup", 0, NULL, "do not back up first"                                                \
	}

struct safety {
	struct context *context;
	struct vault vault;
	bool is_wanted;
	bool is_missing;    /* nobody wanted or declined one, and it is not configured */
	bool is_midway;     /* what was found half-done had no backup */
	const char *backup; /* id of the one to go back to, or NULL */
};

/* Decides by options and settings; the verb has SAFETY_OPTIONS. `out` is cleared by the caller. */
MUST_USE bool safety_open(struct context *context, struct safety *out, struct error *err);
void safety_clear(struct safety *safety);
#define scoped_safety SCOPED(safety_clear)

/* For a dry run: says what safety_open() and safety_take() would do. */
void safety_foretell(struct context *context, const struct plan *plan);

/* Before anything is locked: could one be made? */
MUST_USE bool safety_check(struct safety *safety, const struct climb *climb, struct error *err);

/* Makes it, where it is wanted, and writes its id into climb->author. A failure is one of storage. */
MUST_USE bool safety_take(struct safety *safety, struct climb *climb, const struct plan *plan,
                          struct error *err);

/* Adds to a later failure how to get back. */
void safety_advise(const struct safety *safety, struct error *err);

#endif
