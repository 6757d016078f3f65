/*
 * restorable.h - whether who makes a backup could restore it
 *
 * Asked on the day it is made, on the server it was made of: the day it is
 * needed is too late to learn that the role may not create an extension.
 */
#ifndef RUNG_BACKUP_RIGHTS_RESTORABLE_H
#define RUNG_BACKUP_RIGHTS_RESTORABLE_H

#include "backup/rights/rights.h"

struct restorable {
	const char *role;
	const char *lacking; /* what that role could not restore, in one line; NULL: it could restore all of it */
	const char *advice;  /* options that would help; "" for none */
};

MUST_USE bool restorable_look(const struct session_options *connection, const struct archive_list *list,
                              const struct database_summary *summary, struct arena *arena,
                              struct restorable *out, struct error *err);

#endif
