/*
 * backup_first.h - a backup before anything is changed
 *
 * What "upgrade" and "downgrade" promise: when a backup is wanted, nothing of
 * a migration runs before it is complete, signed and listed; and anyone who reads
 * of a later failure is told how to get it back.
 */
#ifndef RUNG_COMMAND_BACKUP_BACKUP_FIRST_H
#define RUNG_COMMAND_BACKUP_BACKUP_FIRST_H

#include "command/backup/backup_context.h"

/* Options of every verb that migrates. */
#define BACKUP_FIRST_OPTIONS                                                                          \
	{"--backup", 0, NULL, "back up first; the default where a store and a recipient are configured"}, \
	{                                                                                                 \
		"--no-backup", 0, NULL, "do not back up first"                                                \
	}

struct backup_first {
	struct context *context;
	struct backup_context backups;
	bool is_wanted;
	bool is_missing;    /* nobody wanted or declined one, and it is not configured */
	bool is_midway;     /* what was found half-done had no backup */
	const char *backup; /* id of the one to go back to, or NULL */
};

/* Decides by options and settings; the verb has BACKUP_FIRST_OPTIONS. `out` is cleared by the caller. */
MUST_USE bool backup_first_open(struct context *context, struct backup_first *out, struct error *err);
void backup_first_clear(struct backup_first *backup_first);
#define scoped_backup_first SCOPED(backup_first_clear)

/* For a dry run: says what backup_first_open() and backup_first_take() would do. */
void backup_first_foretell(struct context *context, const struct plan *plan);

/* Before anything is locked: could one be made? */
MUST_USE bool backup_first_check(struct backup_first *backup_first, const struct migrate_intent *intent,
                                 struct error *err);

/* Makes it, where it is wanted; its id is then `*id`. A failure is one of storage. */
MUST_USE bool backup_first_take(struct backup_first *backup_first, const struct migrate_intent *intent,
                                const char **id, struct error *err);

/* Adds to a later failure how to get back. */
void backup_first_advise(const struct backup_first *backup_first, struct error *err);

#endif
