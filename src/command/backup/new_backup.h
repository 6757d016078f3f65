/*
 * new_backup.h - making a backup, for the verb and for the one before a migration
 */
#ifndef RUNG_COMMAND_BACKUP_NEW_BACKUP_H
#define RUNG_COMMAND_BACKUP_NEW_BACKUP_H

#include "command/backup/backup_context.h"

/* What settings say about a backup; kind and the like are left for the verb. */
MUST_USE bool new_backup_options(struct backup_context *backups, const struct session_options *connection,
                                 struct backup_options *out, struct error *err);

/* Makes one, linked to the one before it, notes it in the database's log, and says so. */
MUST_USE bool new_backup_make(struct backup_context *backups, struct backup_options *options,
                              const struct author *author, struct backup *out, struct error *err);

#endif
