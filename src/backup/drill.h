/*
 * drill.h - the roles of a server that a backup is restored on to prove it
 *
 * The server is private and thrown away, and its superuser could restore
 * anything; a drill as the role that would have to do it shows what that may.
 */
#ifndef RUNG_BACKUP_DRILL_H
#define RUNG_BACKUP_DRILL_H

#include "backup/summary/summary.h"
#include "pg/session.h"

/*
 * Makes the roles the backup speaks of, and `role`: no superuser, with CREATEDB and in the roles it was
 * recorded to be in. `*out` is `superuser`'s connection as that role.
 */
MUST_USE bool drill_as_role(const struct session_options *superuser, const struct database_summary *summary,
                            const char *role, struct arena *arena, struct session_options *out,
                            struct error *err);

#endif
