/*
 * restore_warning.h - what a restore also undoes
 */
#ifndef RUNG_COMMAND_BACKUP_RESTORE_WARNING_H
#define RUNG_COMMAND_BACKUP_RESTORE_WARNING_H

#include "backup/backup_list.h"
#include "command/database/database.h"

/*
 * One backup is from before all of a run: warns when it lacks migrations that
 * come before `version`. A database that cannot be asked is passed over.
 */
void restore_warning_tell(struct context *context, int64_t version, const struct backup_entry *entry);

#endif
