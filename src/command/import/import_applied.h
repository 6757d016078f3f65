/*
 * import_applied.h - what the other tool's history says is applied
 */
#ifndef RUNG_COMMAND_IMPORT_IMPORT_APPLIED_H
#define RUNG_COMMAND_IMPORT_IMPORT_APPLIED_H

#include "command/import/import_project.h"

/* Opens a session for it; nothing happens with --files-only, and without a database there is a warning. */
MUST_USE bool import_look_at_history(struct import *import, struct error *err);

/*
 * Marks the steps that are applied. What cannot be taken over exactly is among the problems then, and no
 * error. Also under the lock, where all marks are to be taken off before.
 */
MUST_USE bool import_take_history(struct import *import, struct session *db, struct error *err);

#endif
