/*
 * backup_select.h - the backup a verb was asked about
 *
 * "latest", an id or its beginning from the store, or a file; one that is
 * named like these words needs "./" before it. What is chosen has been
 * fetched, its size and hash compared, and is trusted.
 */
#ifndef RUNG_COMMAND_BACKUP_BACKUP_SELECT_H
#define RUNG_COMMAND_BACKUP_BACKUP_SELECT_H

#include "command/backup/backup_context.h"

struct backup_selection {
	struct backup_context backups;
	struct backup_entry entry; /* id NULL: a file without a manifest to compare it with */
	const char *path;          /* of the file; NULL: it is in the store */
	struct spool *spool;
	struct restore_options options;
	struct proof proof; /* for the verb to fill */
};

/* The verb has an option --allow-unsigned. `out` is cleared by the caller, also on failure. */
MUST_USE bool backup_select_open(struct context *context, const char *text, struct backup_selection *out,
                                 struct error *err);
void backup_select_clear(struct backup_selection *selection);
#define scoped_backup_selection SCOPED(backup_select_clear)

/*
 * Both halves of it: finding out what is meant, which is quick, and having it here, which may not be. A
 * context that is open already is used: keys out of a pipe are read once.
 */
MUST_USE bool backup_select_look(struct context *context, const char *text, struct backup_selection *out,
                                 struct error *err);
MUST_USE bool backup_select_take(struct context *context, struct backup_selection *selection,
                                 struct error *err);

/* The second half for one that was found in the store already; the context in `out` is open. */
MUST_USE bool backup_select_fetch(struct context *context, const struct backup_entry *entry,
                                  struct backup_selection *out, struct error *err);

/* Whether the backup before it is the one it was linked to, as far as that is still there. */
MUST_USE bool backup_select_check_link(struct backup_context *backups, const struct backup_entry *entry,
                                       struct error *err);

/* The entry alone. For "latest" the database is asked whether it knows of a newer one. */
MUST_USE bool backup_select_find(struct backup_context *backups, const char *text, struct backup_entry *out,
                                 struct error *err);

#endif
