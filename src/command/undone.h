/*
 * undone.h - what a way back undoes besides what was meant
 */
#ifndef RUNG_COMMAND_UNDONE_H
#define RUNG_COMMAND_UNDONE_H

#include "backup/catalogue.h"
#include "command/database.h"

/*
 * One backup is from before all of a run: warns when it lacks migrations that
 * come before `version`. A database that cannot be asked is passed over.
 */
void undone_tell(struct context *context, int64_t version, const struct entry *entry);

#endif
